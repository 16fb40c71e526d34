<?php
/**
 * Clean-up.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Removes what is old, in small steps: no lock lasts, and no run. What a run leaves, another takes up a minute later.
 */
final class Gatepost_Cleanup {

	private const AT_ONCE = 1000;
	private const SECONDS = 10;

	/**
	 * Runs it by WP-Cron.
	 */
	public static function run(): void {
		if ( ! Gatepost_Tables::is_current() ) {
			return;
		}
		$done = self::safely( null, self::SECONDS );
		if ( ! $done ) {
			Gatepost_Schedule::clean_again();
		}
	}

	/**
	 * Keeps the list of arrivals within its bounds also on a day when a gateway sends the same over and over. Runs with the tick.
	 */
	public static function trim(): void {
		if ( Gatepost_Tables::is_current() ) {
			self::safely( array( self::arrivals_rule() ), 2 );
		}
	}

	/**
	 * Sweeps; rows that a request holds can wait.
	 *
	 * @param array|null $rules   As sweep() has them.
	 * @param int        $seconds How long at most.
	 * @return bool Whether all is done.
	 */
	private static function safely( ?array $rules, int $seconds ): bool {
		try {
			return self::sweep( microtime( true ) + $seconds, $rules );
		} catch ( Gatepost_Db_Error $error ) {
			error_log( 'gatepost: clean-up stopped: database error ' . $error->getCode() ); // phpcs:ignore WordPress.PHP.DevelopmentFunctions
			return false;
		}
	}

	/**
	 * Removes what is old until all is done or the time is up.
	 *
	 * @param float      $until Seconds since 1970.
	 * @param array|null $rules Some of rules(), or null for all.
	 * @return bool Whether all is done.
	 */
	public static function sweep( float $until, ?array $rules = null ): bool {
		Gatepost_Rate_Limit::forget_old();
		foreach ( $rules ?? self::rules() as list( $table, $condition ) ) {
			$name = Gatepost_Tables::name( $table );
			do {
				if ( microtime( true ) > $until ) {
					return false;
				}
				$removed = Gatepost_Db::run( "DELETE FROM $name WHERE $condition LIMIT " . self::AT_ONCE );
			} while ( $removed >= self::AT_ONCE );
		}
		return true;
	}

	/**
	 * Tables and which of their rows go.
	 *
	 * @return array<array{0:string,1:string}> Conditions are prepared.
	 */
	private static function rules(): array {
		global $wpdb;
		/**
		 * Days that idempotency keys are kept. The gateway must not send an event again after that.
		 *
		 * @param int $days Days, at least 30.
		 */
		$key_days = max( 30, (int) apply_filters( 'gatepost_keep_keys_days', 90 ) );
		/**
		 * Days that order events are kept after they arrived, once they are done.
		 *
		 * @param int $days Days.
		 */
		$order_days = max( 1, (int) apply_filters( 'gatepost_keep_orders_days', 30 ) );
		/**
		 * Days that order events are kept that have failed and that nobody has tried again.
		 *
		 * @param int $days Days.
		 */
		$failed_days = max( 1, (int) apply_filters( 'gatepost_keep_failed_days', 180 ) );
		return array(
			array( 'keys', $wpdb->prepare( 'created_at < %d', self::before( $key_days ) ) ),
			array( 'orders', $wpdb->prepare( "received_at < %d AND status = 'done'", self::before( $order_days ) ) ),
			array( 'orders', $wpdb->prepare( "received_at < %d AND status = 'failed'", self::before( $failed_days ) ) ),
			self::arrivals_rule(),
			// The locks on addresses: nobody reads them, and an address is personal.
			array( 'users', "source = ''" ),
		);
	}

	/**
	 * The rule for the list of arrivals, whose rows come in the order of their time: the primary key finds the old ones.
	 *
	 * @return array{0:string,1:string}
	 */
	private static function arrivals_rule(): array {
		global $wpdb;
		/**
		 * How many rows the list of arrivals has at most.
		 *
		 * @param int $rows Rows.
		 */
		$most  = max( 1000, (int) apply_filters( 'gatepost_keep_arrivals_rows', 200000 ) );
		$list  = Gatepost_Tables::name( 'arrivals' );
		$last  = (int) ( Gatepost_Db::row( "SELECT MAX(id) AS id FROM $list" )['id'] ?? 0 );
		$young = Gatepost_Db::row( $wpdb->prepare( "SELECT id FROM $list WHERE arrived_at >= %d ORDER BY id LIMIT 1", self::before( Gatepost_Settings::get( 'keep_arrivals_days' ) ) ) ); // phpcs:ignore WordPress.DB.PreparedSQL
		return array( 'arrivals', $wpdb->prepare( 'id <= %d', max( $last - $most, null === $young ? $last : (int) $young['id'] - 1 ) ) );
	}

	/**
	 * So many days ago, in ms.
	 *
	 * @param int $days Days.
	 */
	private static function before( int $days ): int {
		return Gatepost_Time::now() - $days * DAY_IN_SECONDS * 1000;
	}
}
