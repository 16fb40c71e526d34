<?php
/**
 * The table of order events.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Order events: queued by requests, taken and settled by the worker. Each statement moves rows from one state to the next:
 * pending (perhaps claimed until a time) to done or failed.
 */
final class Gatepost_Orders {

	public const MOST_ATTEMPTS = 5;

	/**
	 * How long a claim lasts, in ms. A run that died leaves its claim to expire.
	 */
	public const CLAIM_MS = 300000;

	/**
	 * The effect of order-event: a row. Runs inside the transaction.
	 *
	 * @param Gatepost_Item $item Checked.
	 * @return array A result.
	 * @throws Gatepost_Refusal When it cannot be kept.
	 */
	public static function queue( Gatepost_Item $item ): array {
		global $wpdb;
		$payload = $item->payload;
		$table   = Gatepost_Tables::name( 'orders' );
		$stored  = wp_json_encode( $payload );
		if ( false === $stored ) {
			throw new Gatepost_Refusal( 'gatepost_invalid', __( 'The payload holds a number that PHP cannot write again.', 'gatepost' ), 400 );
		}
		Gatepost_Db::run(
			$wpdb->prepare(
				"INSERT INTO $table (idempotency_key, user_key, order_key, event_id, tenant, source, event_type, actor_id, actor_email, occurred_at, received_at, payload) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %d, %d, %s)", // phpcs:ignore WordPress.DB.PreparedSQL
				$item->stored_key(),
				self::lane( $payload['source'], $payload['tenant_id'], self::user( $item ) ),
				self::lane( $payload['source'], $payload['tenant_id'], self::order( $item ) ),
				$payload['event_id'],
				$payload['tenant_id'],
				$payload['source'],
				$payload['event_type'],
				mb_substr( $item->actor( 'id' ), 0, 191 ),
				mb_substr( $item->actor( 'email' ), 0, 191 ),
				$item->occurred_at,
				Gatepost_Time::now(),
				$stored
			)
		);
		return Gatepost_Result::queued( array( 'order_id' => (int) $wpdb->insert_id ) );
	}

	/**
	 * The name of a lane, whose rows are worked on one after the other; empty when there is none.
	 *
	 * @param string $source Source.
	 * @param string $tenant Tenant.
	 * @param string $what   Whom or what the lane is about, or empty.
	 */
	public static function lane( string $source, string $tenant, string $what ): string {
		return '' === $what ? '' : hash( 'sha256', $source . "\n" . $tenant . "\n" . $what );
	}

	/**
	 * Whose order it is, empty when nobody is named.
	 *
	 * @param Gatepost_Item $item The item.
	 */
	private static function user( Gatepost_Item $item ): string {
		$id = $item->actor( 'id' );
		return '' === $id ? strtolower( $item->actor( 'email' ) ) : $id;
	}

	/**
	 * Which order it is, empty when none is named. Its events keep their order whether or not each names the person.
	 *
	 * @param Gatepost_Item $item The item.
	 */
	private static function order( Gatepost_Item $item ): string {
		$subject = (array) ( $item->payload['subject'] ?? array() );
		$id      = (string) ( $subject['id'] ?? '' );
		return '' === $id ? '' : ( $subject['type'] ?? '' ) . "\n" . $id;
	}

	/**
	 * Rows that may be worked on now, oldest first: due, not claimed, and no earlier one of the same user or order is pending.
	 *
	 * @param int $now   In ms.
	 * @param int $limit Most rows.
	 * @return int[] Ids.
	 */
	public static function due( int $now, int $limit ): array {
		global $wpdb;
		$table = Gatepost_Tables::name( 'orders' );
		$rows  = Gatepost_Db::rows(
			$wpdb->prepare(
				"SELECT o.id FROM $table o
				WHERE o.status = 'pending' AND o.due_at <= %d AND o.claimed_until <= %d AND o.attempts < %d
				AND ( o.user_key = '' OR NOT EXISTS (
					SELECT 1 FROM $table e WHERE e.user_key = o.user_key AND e.status = 'pending' AND e.id < o.id ) )
				AND ( o.order_key = '' OR NOT EXISTS (
					SELECT 1 FROM $table e WHERE e.order_key = o.order_key AND e.status = 'pending' AND e.id < o.id ) )
				ORDER BY o.id LIMIT %d", // phpcs:ignore WordPress.DB.PreparedSQL
				$now,
				$now,
				self::MOST_ATTEMPTS,
				$limit
			)
		);
		return array_map( 'intval', array_column( $rows, 'id' ) );
	}

	/**
	 * Claims a row for this run. The attempt counts from now, so that one that kills PHP counts too.
	 *
	 * @param int $id  The row.
	 * @param int $now In ms.
	 * @return array|null The row, or null when another run was quicker.
	 */
	public static function claim( int $id, int $now ): ?array {
		global $wpdb;
		$table   = Gatepost_Tables::name( 'orders' );
		$claimed = Gatepost_Db::run(
			$wpdb->prepare(
				"UPDATE $table SET claimed_until = %d, attempts = attempts + 1 WHERE id = %d AND status = 'pending' AND due_at <= %d AND claimed_until <= %d", // phpcs:ignore WordPress.DB.PreparedSQL
				$now + self::CLAIM_MS,
				$id,
				$now,
				$now
			)
		);
		if ( 1 !== $claimed ) {
			return null;
		}
		return Gatepost_Db::row( $wpdb->prepare( "SELECT * FROM $table WHERE id = %d", $id ) ); // phpcs:ignore WordPress.DB.PreparedSQL
	}

	/**
	 * A row is done.
	 *
	 * @param int $id  The row.
	 * @param int $now In ms.
	 */
	public static function done( int $id, int $now ): void {
		global $wpdb;
		$table = Gatepost_Tables::name( 'orders' );
		Gatepost_Db::run(
			$wpdb->prepare( "UPDATE $table SET status = 'done', claimed_until = 0, worked_at = %d, last_error = '' WHERE id = %d", $now, $id ) // phpcs:ignore WordPress.DB.PreparedSQL
		);
	}

	/**
	 * An attempt failed: the row is due again later, or has failed for good.
	 *
	 * @param array  $row   As claimed.
	 * @param string $error Words.
	 * @param int    $now   In ms.
	 */
	public static function attempt_failed( array $row, string $error, int $now ): void {
		global $wpdb;
		$table = Gatepost_Tables::name( 'orders' );
		$last  = (int) $row['attempts'] >= self::MOST_ATTEMPTS;
		Gatepost_Db::run(
			$wpdb->prepare(
				"UPDATE $table SET status = %s, claimed_until = 0, due_at = %d, worked_at = %d, last_error = %s WHERE id = %d", // phpcs:ignore WordPress.DB.PreparedSQL
				$last ? 'failed' : 'pending',
				$now + 1000 * self::retry_delay( (int) $row['attempts'] ),
				$now,
				mb_substr( $error, 0, 500 ),
				(int) $row['id']
			)
		);
	}

	/**
	 * Gives up rows whose last attempt never came back.
	 *
	 * @param int $now In ms.
	 */
	public static function bury_dead( int $now ): void {
		global $wpdb;
		$table = Gatepost_Tables::name( 'orders' );
		Gatepost_Db::run(
			$wpdb->prepare(
				"UPDATE $table SET status = 'failed', claimed_until = 0, worked_at = %d, last_error = %s WHERE status = 'pending' AND attempts >= %d AND claimed_until <= %d", // phpcs:ignore WordPress.DB.PreparedSQL
				$now,
				'the last attempt never came back',
				self::MOST_ATTEMPTS,
				$now
			)
		);
	}

	/**
	 * When the next pending row may be worked on, in ms; null when none is pending.
	 */
	public static function next_due(): ?int {
		$table = Gatepost_Tables::name( 'orders' );
		$row   = Gatepost_Db::row( "SELECT MIN(GREATEST(due_at, claimed_until)) AS due FROM $table WHERE status = 'pending'" );
		return isset( $row['due'] ) ? (int) $row['due'] : null;
	}

	/**
	 * How long the oldest pending row has waited, in ms; 0 when none does.
	 *
	 * @param int $now In ms.
	 */
	public static function oldest_age( int $now ): int {
		$table = Gatepost_Tables::name( 'orders' );
		$row   = Gatepost_Db::row( "SELECT MIN(received_at) AS oldest FROM $table WHERE status = 'pending'" );
		return isset( $row['oldest'] ) ? max( 0, $now - (int) $row['oldest'] ) : 0;
	}

	/**
	 * How many rows have a status.
	 *
	 * @param string $status Pending, done or failed.
	 */
	public static function count( string $status ): int {
		global $wpdb;
		$table = Gatepost_Tables::name( 'orders' );
		return (int) Gatepost_Db::row( $wpdb->prepare( "SELECT COUNT(*) AS n FROM $table WHERE status = %s", $status ) )['n']; // phpcs:ignore WordPress.DB.PreparedSQL
	}

	/**
	 * Seconds until the next attempt.
	 *
	 * @param int $attempts How many there were.
	 */
	private static function retry_delay( int $attempts ): int {
		$delays = array( 30, 120, 600, 1800 );
		/**
		 * How long a failed order event waits.
		 *
		 * @param int $seconds  Seconds.
		 * @param int $attempts How often it was tried.
		 */
		return max( 0, (int) apply_filters( 'gatepost_order_retry_delay', $delays[ $attempts - 1 ] ?? 1800, $attempts ) );
	}
}
