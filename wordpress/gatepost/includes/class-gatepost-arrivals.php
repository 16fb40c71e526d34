<?php
/**
 * What has arrived.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * A row for each item of an authenticated request, whatever came of it: for people to look at, and for the answer to a
 * duplicate. Ids, a type and an outcome; no payload, name or address. Clean-up bounds it by age and by number.
 */
final class Gatepost_Arrivals {

	public const OUTCOMES = array( 'applied', 'queued', 'duplicate', 'stale', 'refused' );

	private const COLUMNS = 'arrived_at, route, idempotency_key, status, outcome, error, source, tenant, event_type, event_ids, event_count, user_id, order_id, request_id';

	/**
	 * Writes down what items came to, in one statement. Within their transaction: no row without the work. A self-test leaves none.
	 *
	 * @param Gatepost_Item[] $items      Items.
	 * @param array[]         $results    Their results.
	 * @param string          $request_id X-Request-Id.
	 * @throws Gatepost_Db_Error When the transaction is lost.
	 */
	public static function record( array $items, array $results, string $request_id ): void {
		$rows = array();
		foreach ( $results as $index => $result ) {
			if ( ! $items[ $index ]->is_self_test() ) {
				$rows[] = self::row( $items[ $index ], $result, $request_id );
			}
		}
		if ( array() === $rows ) {
			return;
		}
		$table = Gatepost_Tables::name( 'arrivals' );
		try {
			Gatepost_Db::run( "INSERT INTO $table (" . self::COLUMNS . ') VALUES ' . implode( ', ', $rows ) );
		} catch ( Gatepost_Db_Error $error ) {
			// The list is for people: without it the work is as good.
			if ( $error->ends_transaction() ) {
				throw $error;
			}
			error_log( 'gatepost: arrivals were not written down: error ' . $error->getCode() ); // phpcs:ignore WordPress.PHP.DevelopmentFunctions
		}
	}

	/**
	 * One row's values.
	 *
	 * @param Gatepost_Item $item       The item, perhaps not valid.
	 * @param array         $result     Its result.
	 * @param string        $request_id X-Request-Id.
	 */
	private static function row( Gatepost_Item $item, array $result, string $request_id ): string {
		global $wpdb;
		$ids = $item->event_ids();
		return $wpdb->prepare(
			'(%d, %s, %s, %d, %s, %s, %s, %s, %s, %s, %d, %d, %d, %s)',
			Gatepost_Time::now(),
			mb_substr( $item->route, 0, 20 ),
			$item->stored_key(),
			$result['status'],
			$result['outcome'],
			mb_substr( (string) $result['error'], 0, 500 ),
			mb_substr( $item->text( 'source' ), 0, 40 ),
			mb_substr( $item->text( 'tenant_id' ), 0, 64 ),
			mb_substr( $item->text( 'event_type' ), 0, 191 ),
			mb_substr( implode( ' ', array_slice( $ids, 0, 20 ) ), 0, 1000 ),
			count( $ids ),
			$result['user_id'] ?? 0,
			$result['order_id'] ?? 0,
			substr( $request_id, 0, 64 )
		);
	}

	/**
	 * What the first item of a key touched, where that is still known.
	 *
	 * @param Gatepost_Item $item The item.
	 * @return array<string,int> `user_id` or `order_id`.
	 */
	public static function touched_by_first( Gatepost_Item $item ): array {
		global $wpdb;
		$table = Gatepost_Tables::name( 'arrivals' );
		$row   = Gatepost_Db::row(
			$wpdb->prepare( "SELECT user_id, order_id FROM $table WHERE idempotency_key = %s AND outcome IN ('applied', 'queued', 'stale') ORDER BY id LIMIT 1", $item->stored_key() ) // phpcs:ignore WordPress.DB.PreparedSQL
		);
		return array_filter( array_map( 'intval', (array) $row ) );
	}

	/**
	 * Rows, newest first.
	 *
	 * @param array $filter `outcome`, `route` and `user_id` narrow, `search` is a key, an event id or a request id; `before`
	 *                      and `after` are ids, between which a page lies.
	 * @param int   $limit  Most rows.
	 * @return array[]
	 */
	public static function find( array $filter, int $limit ): array {
		global $wpdb;
		$table  = Gatepost_Tables::name( 'arrivals' );
		$where  = self::conditions( $filter );
		$newer  = ! empty( $filter['after'] );
		$order  = $newer ? 'ASC' : 'DESC';
		$limits = $wpdb->prepare( 'LIMIT %d', $limit );
		$rows   = Gatepost_Db::rows( "SELECT * FROM $table WHERE " . implode( ' AND ', $where ) . " ORDER BY id $order $limits" );
		return $newer ? array_reverse( $rows ) : $rows;
	}

	/**
	 * One row, or null.
	 *
	 * @param int $id Its id.
	 */
	public static function get( int $id ): ?array {
		global $wpdb;
		$table = Gatepost_Tables::name( 'arrivals' );
		return Gatepost_Db::row( $wpdb->prepare( "SELECT * FROM $table WHERE id = %d", $id ) ); // phpcs:ignore WordPress.DB.PreparedSQL
	}

	/**
	 * When the last one came, in ms; 0 when none is known.
	 */
	public static function last_at(): int {
		$table = Gatepost_Tables::name( 'arrivals' );
		return (int) ( Gatepost_Db::row( "SELECT arrived_at FROM $table ORDER BY id DESC LIMIT 1" )['arrived_at'] ?? 0 );
	}

	/**
	 * A filter's conditions, prepared.
	 *
	 * @param array $filter As find() has it.
	 * @return string[]
	 */
	private static function conditions( array $filter ): array {
		global $wpdb;
		$where = array( '1 = 1' );
		foreach ( array( 'outcome' => 'outcome = %s', 'route' => 'route = %s', 'user_id' => 'user_id = %d', 'before' => 'id < %d', 'after' => 'id > %d' ) as $name => $condition ) {
			if ( ! empty( $filter[ $name ] ) ) {
				$where[] = $wpdb->prepare( $condition, $filter[ $name ] ); // phpcs:ignore WordPress.DB.PreparedSQL
			}
		}
		$search = (string) ( $filter['search'] ?? '' );
		if ( '' !== $search ) {
			$stored  = strlen( $search ) <= 191 ? $search : 'sha256:' . hash( 'sha256', $search );
			$where[] = $wpdb->prepare( '( idempotency_key = %s OR request_id = %s OR event_ids LIKE %s )', $stored, $search, '%' . $wpdb->esc_like( $search ) . '%' );
		}
		return $where;
	}
}
