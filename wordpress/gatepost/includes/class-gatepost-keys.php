<?php
/**
 * Idempotency keys.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * What has been done already. A key is claimed in the transaction that does the work, so there is never one without the other.
 */
final class Gatepost_Keys {

	/**
	 * Claims an item's key. A second request with the same key waits here until the first has committed or rolled back.
	 *
	 * @param Gatepost_Item $item       The item.
	 * @param string        $outcome    What it will probably be.
	 * @param int           $status     Its HTTP status.
	 * @param string        $request_id X-Request-Id.
	 * @return bool False when it has been done before.
	 */
	public static function claim( Gatepost_Item $item, string $outcome, int $status, string $request_id ): bool {
		global $wpdb;
		$table = Gatepost_Tables::name( 'keys' );
		return 1 === Gatepost_Db::run(
			$wpdb->prepare(
				"INSERT IGNORE INTO $table (idempotency_key, route, outcome, status, request_id, event_count, created_at) VALUES (%s, %s, %s, %d, %s, %d, %d)", // phpcs:ignore WordPress.DB.PreparedSQL
				$item->stored_key(),
				$item->route,
				$outcome,
				$status,
				substr( $request_id, 0, 64 ),
				$item->event_count(),
				Gatepost_Time::now()
			)
		);
	}

	/**
	 * What a key's first item came to, or null when there was none.
	 *
	 * @param Gatepost_Item $item The item.
	 */
	public static function first( Gatepost_Item $item ): ?array {
		global $wpdb;
		$table = Gatepost_Tables::name( 'keys' );
		return Gatepost_Db::row(
			$wpdb->prepare( "SELECT route, outcome, status, created_at FROM $table WHERE idempotency_key = %s", $item->stored_key() ) // phpcs:ignore WordPress.DB.PreparedSQL
		);
	}

	/**
	 * Corrects the outcome of a claimed key.
	 *
	 * @param Gatepost_Item $item    The item.
	 * @param string        $outcome What it came to.
	 */
	public static function settle( Gatepost_Item $item, string $outcome ): void {
		global $wpdb;
		$table = Gatepost_Tables::name( 'keys' );
		Gatepost_Db::run(
			$wpdb->prepare( "UPDATE $table SET outcome = %s WHERE idempotency_key = %s", $outcome, $item->stored_key() ) // phpcs:ignore WordPress.DB.PreparedSQL
		);
	}

	/**
	 * Gives a claimed key back.
	 *
	 * @param Gatepost_Item $item The item.
	 */
	public static function release( Gatepost_Item $item ): void {
		global $wpdb;
		$table = Gatepost_Tables::name( 'keys' );
		Gatepost_Db::run( $wpdb->prepare( "DELETE FROM $table WHERE idempotency_key = %s", $item->stored_key() ) ); // phpcs:ignore WordPress.DB.PreparedSQL
	}
}
