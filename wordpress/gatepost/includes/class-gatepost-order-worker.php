<?php
/**
 * Works on order events.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Takes due order events and tells their listeners. WP-Cron runs it; two runs at once do no harm.
 *
 * Listeners throw to have an event tried again. They may see one event twice (PHP can die after they are done and before
 * that is written down), so they should be harmless when repeated.
 */
final class Gatepost_Order_Worker {

	private const BATCH = 50;

	/**
	 * The row that a listener is working on, for the shutdown function.
	 *
	 * @var array|null
	 */
	private static ?array $working_on = null;

	/**
	 * Works until nothing is due or the time is up.
	 */
	public static function run(): void {
		if ( ! Gatepost_Tables::is_current() ) {
			return;
		}
		register_shutdown_function( array( self::class, 'settle_after_fatal' ) );
		$until = microtime( true ) + self::seconds();
		Gatepost_Orders::bury_dead( Gatepost_Time::now() );
		do {
			$ids = Gatepost_Orders::due( Gatepost_Time::now(), self::BATCH );
			foreach ( $ids as $id ) {
				self::work_on( $id );
				if ( microtime( true ) > $until ) {
					break 2;
				}
			}
		} while ( array() !== $ids );
		self::schedule_next();
	}

	/**
	 * A listener killed PHP: the attempt has been counted, the others go on in another run.
	 */
	public static function settle_after_fatal(): void {
		if ( null === self::$working_on ) {
			return;
		}
		$row              = self::$working_on;
		self::$working_on = null;
		$error            = error_get_last();
		$words            = 'PHP ended in a listener' . ( null === $error ? '' : ': ' . $error['message'] );
		Gatepost_Orders::attempt_failed( $row, $words, Gatepost_Time::now() );
		Gatepost_Schedule::free_cron();
		self::schedule_next();
	}

	/**
	 * Claims an event, tells its listeners and writes down how that went.
	 *
	 * @param int $id The row.
	 */
	private static function work_on( int $id ): void {
		$row = Gatepost_Orders::claim( $id, Gatepost_Time::now() );
		if ( null === $row ) {
			return;
		}
		self::$working_on = $row;
		try {
			self::tell( $row );
			Gatepost_Orders::done( $id, Gatepost_Time::now() );
		} catch ( Throwable $fault ) {
			Gatepost_Orders::attempt_failed( $row, get_class( $fault ) . ': ' . $fault->getMessage(), Gatepost_Time::now() );
		}
		self::$working_on = null;
	}

	/**
	 * Tells the listeners.
	 *
	 * @param array $row The row.
	 */
	private static function tell( array $row ): void {
		$payload = json_decode( $row['payload'], true );
		$id      = (int) $row['id'];
		/**
		 * An order event. Throw to have it tried again.
		 *
		 * @param array $payload The event.
		 * @param int   $id      Its row, the same at every attempt.
		 */
		do_action( 'gatepost_order_event', $payload, $id );
		/**
		 * The same for one source and type, such as gatepost_order_event_stripe_charge_refunded: what is not a letter or
		 * a digit is an underscore.
		 */
		$name = preg_replace( '/[^a-z0-9]+/', '_', strtolower( $row['source'] . '_' . $row['event_type'] ) );
		do_action( "gatepost_order_event_$name", $payload, $id );
	}

	/**
	 * Has the next run come when there is something for it.
	 */
	private static function schedule_next(): void {
		$due = Gatepost_Orders::next_due();
		if ( null === $due ) {
			return;
		}
		if ( $due <= Gatepost_Time::now() ) {
			Gatepost_Schedule::work_now();
		} else {
			Gatepost_Schedule::work_at( intdiv( $due, 1000 ) + 1 );
		}
	}

	/**
	 * How long a run may last.
	 */
	private static function seconds(): int {
		$limit = (int) ini_get( 'max_execution_time' );
		return $limit > 0 ? max( 1, min( 20, intdiv( $limit, 2 ) ) ) : 20;
	}
}
