<?php
/**
 * Daily clean-up.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Removes what is old. Failed order events stay until somebody has looked.
 */
final class Gatepost_Cleanup {

	private const AT_ONCE = 5000;

	/**
	 * Runs it.
	 */
	public static function run(): void {
		if ( ! Gatepost_Tables::is_current() ) {
			return;
		}
		/**
		 * Days that idempotency keys are kept. The gateway must not send an event again after that.
		 *
		 * @param int $days Days, at least 30.
		 */
		$key_days = max( 30, (int) apply_filters( 'gatepost_keep_keys_days', 90 ) );
		/**
		 * Days that order events are kept after they are done.
		 *
		 * @param int $days Days.
		 */
		$order_days = max( 1, (int) apply_filters( 'gatepost_keep_orders_days', 30 ) );

		self::delete( 'keys', 'created_at < %d', $key_days );
		self::delete( 'orders', "received_at < %d AND status = 'done'", $order_days );
		Gatepost_Rate_Limit::forget_old();
	}

	/**
	 * Deletes old rows, some thousand at a time so that no lock lasts.
	 *
	 * @param string $table Which.
	 * @param string $where Which rows; %d is the time.
	 * @param int    $days  How old.
	 */
	private static function delete( string $table, string $where, int $days ): void {
		global $wpdb;
		$name   = Gatepost_Tables::name( $table );
		$before = Gatepost_Time::now() - $days * DAY_IN_SECONDS * 1000;
		$sql    = $wpdb->prepare( "DELETE FROM $name WHERE $where LIMIT " . self::AT_ONCE, $before ); // phpcs:ignore WordPress.DB.PreparedSQL
		for ( $round = 0; $round < 200; $round++ ) {
			if ( Gatepost_Db::run( $sql ) < self::AT_ONCE ) {
				return;
			}
		}
	}
}
