<?php
/**
 * Order events, looked at by people.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Lists order events, brings failed ones back, and removes them.
 */
final class Gatepost_Order_Queries {

	public const STATUSES = array( 'pending', 'done', 'failed' );

	private const COLUMNS = 'id, idempotency_key, event_id, tenant, source, event_type, occurred_at, received_at, status, attempts, due_at, claimed_until, last_error, worked_at';

	/**
	 * Rows without their payload, newest first.
	 *
	 * @param array $filter `status`, `search` (an event id or a key), `before` and `after` (ids).
	 * @param int   $limit  Most rows.
	 * @return array[]
	 */
	public static function find( array $filter, int $limit ): array {
		global $wpdb;
		$table = Gatepost_Tables::name( 'orders' );
		$where = array( '1 = 1' );
		foreach ( array( 'status' => 'status = %s', 'before' => 'id < %d', 'after' => 'id > %d' ) as $name => $condition ) {
			if ( ! empty( $filter[ $name ] ) ) {
				$where[] = $wpdb->prepare( $condition, $filter[ $name ] ); // phpcs:ignore WordPress.DB.PreparedSQL
			}
		}
		if ( ! empty( $filter['search'] ) ) {
			$where[] = $wpdb->prepare( '( idempotency_key = %s OR event_id = %s )', $filter['search'], $filter['search'] );
		}
		$newer  = ! empty( $filter['after'] );
		$order  = $newer ? 'ASC' : 'DESC';
		$limits = $wpdb->prepare( 'LIMIT %d', $limit );
		$rows   = Gatepost_Db::rows( 'SELECT ' . self::COLUMNS . " FROM $table WHERE " . implode( ' AND ', $where ) . " ORDER BY id $order $limits" );
		return $newer ? array_reverse( $rows ) : $rows;
	}

	/**
	 * One row without its payload, or null.
	 *
	 * @param int $id Its id.
	 */
	public static function get( int $id ): ?array {
		global $wpdb;
		$table = Gatepost_Tables::name( 'orders' );
		return Gatepost_Db::row( $wpdb->prepare( 'SELECT ' . self::COLUMNS . " FROM $table WHERE id = %d", $id ) ); // phpcs:ignore WordPress.DB.PreparedSQL
	}

	/**
	 * Has failed order events tried again from the first attempt on, and the worker run.
	 *
	 * @param int|null $id One, or null for all of them.
	 * @return int How many.
	 */
	public static function retry( ?int $id ): int {
		global $wpdb;
		$table = Gatepost_Tables::name( 'orders' );
		$which = null === $id ? '' : $wpdb->prepare( ' AND id = %d', $id );
		$count = Gatepost_Db::run( "UPDATE $table SET status = 'pending', attempts = 0, due_at = 0, claimed_until = 0 WHERE status = 'failed'$which" );
		if ( $count > 0 ) {
			Gatepost_Schedule::work_now();
		}
		return $count;
	}

	/**
	 * Removes failed order events that were worked on last before a moment.
	 *
	 * @param int $before In ms.
	 * @return int How many.
	 */
	public static function remove_failed( int $before ): int {
		global $wpdb;
		$table = Gatepost_Tables::name( 'orders' );
		return Gatepost_Db::run( $wpdb->prepare( "DELETE FROM $table WHERE status = 'failed' AND COALESCE(worked_at, received_at) < %d", $before ) ); // phpcs:ignore WordPress.DB.PreparedSQL
	}
}
