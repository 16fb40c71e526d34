<?php
/**
 * Our events in WP-Cron.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * When the order worker and the clean-up run. The table of order events is the queue; this is only what rings the bell: Action
 * Scheduler where a plugin brings it (WooCommerce does), WP-Cron where not, and a recurring tick of WP-Cron in any case.
 *
 * WordPress keeps all scheduled events in one option, read and written back whole, and a cron run writes back what it
 * read at its start: an event scheduled meanwhile can be lost. So we read the option afresh before we write, and a
 * recurring tick takes up what was left.
 */
final class Gatepost_Schedule {

	public const WORK  = 'gatepost_work_orders';
	public const TICK  = 'gatepost_tick';
	public const CLEAN = 'gatepost_clean';

	/**
	 * Our group in Action Scheduler.
	 */
	public const GROUP = 'gatepost';

	/**
	 * Adds our interval to WordPress's.
	 *
	 * @param array $intervals Intervals by name.
	 */
	public static function intervals( array $intervals ): array {
		$intervals['gatepost_five_minutes'] = array(
			'interval' => 5 * MINUTE_IN_SECONDS,
			'display'  => __( 'Every five minutes (Gatepost)', 'gatepost' ),
		);
		return $intervals;
	}

	/**
	 * Schedules the recurring events that are missing.
	 */
	public static function ensure(): void {
		if ( false === wp_next_scheduled( self::TICK ) ) {
			wp_schedule_event( time() + 5 * MINUTE_IN_SECONDS, 'gatepost_five_minutes', self::TICK );
		}
		if ( false === wp_next_scheduled( self::CLEAN ) ) {
			wp_schedule_event( time() + HOUR_IN_SECONDS, 'daily', self::CLEAN );
		}
	}

	/**
	 * Whether Action Scheduler is there and ready.
	 */
	public static function has_action_scheduler(): bool {
		return function_exists( 'as_enqueue_async_action' ) && function_exists( 'as_schedule_single_action' ) && function_exists( 'as_next_scheduled_action' ) && did_action( 'init' ) > 0;
	}

	/**
	 * Has the clean-up go on in a minute.
	 */
	public static function clean_again(): void {
		// The argument makes it another event than the daily one.
		wp_schedule_single_event( time() + MINUTE_IN_SECONDS, self::CLEAN, array( 'more' ) );
	}

	/**
	 * Takes all our events out.
	 */
	public static function clear(): void {
		if ( function_exists( 'as_unschedule_all_actions' ) ) {
			as_unschedule_all_actions( '', array(), self::GROUP );
		}
		foreach ( array( self::WORK, self::TICK, self::CLEAN ) as $hook ) {
			wp_unschedule_hook( $hook );
		}
	}

	/**
	 * Has the order worker run at once: WP-Cron is started when this request has been answered.
	 */
	public static function work_now(): void {
		self::read_afresh();
		self::ensure();
		if ( ! self::has_action_scheduler() ) {
			// Twice the same event within ten minutes is one event for WordPress, which is what we want here.
			wp_schedule_single_event( time(), self::WORK );
		} elseif ( false === as_next_scheduled_action( self::WORK, array(), self::GROUP ) ) {
			as_enqueue_async_action( self::WORK, array(), self::GROUP );
		}
		if ( ! has_action( 'shutdown', array( self::class, 'start_cron' ) ) ) {
			add_action( 'shutdown', array( self::class, 'start_cron' ) );
		}
	}

	/**
	 * Has the order worker run at a later second. The second is an argument, so that WordPress takes this for another
	 * event than one that is scheduled within ten minutes of it.
	 *
	 * @param int $second Seconds since 1970.
	 */
	public static function work_at( int $second ): void {
		if ( self::has_action_scheduler() ) {
			if ( false === as_next_scheduled_action( self::WORK, array( $second ), self::GROUP ) ) {
				as_schedule_single_action( $second, self::WORK, array( $second ), self::GROUP );
			}
			return;
		}
		self::read_afresh();
		if ( false === wp_next_scheduled( self::WORK, array( $second ) ) ) {
			wp_schedule_single_event( $second, self::WORK, array( $second ) );
		}
	}

	/**
	 * Starts WP-Cron, which also runs Action Scheduler, by WordPress's own loopback request, unless the site runs it from a crontab.
	 */
	public static function start_cron(): void {
		if ( ( defined( 'DISABLE_WP_CRON' ) && DISABLE_WP_CRON ) || ( defined( 'ALTERNATE_WP_CRON' ) && ALTERNATE_WP_CRON ) ) {
			return;
		}
		// WordPress takes its lock and gives the request 10 ms to get through. On a busy host it does not, and the lock stands for a minute.
		add_filter( 'cron_request', array( self::class, 'allow_a_second' ) );
		spawn_cron();
		remove_filter( 'cron_request', array( self::class, 'allow_a_second' ) );
	}

	/**
	 * Gives the loopback request a second to connect. It is not waited for beyond that.
	 *
	 * @param array $request As spawn_cron() makes it.
	 */
	public static function allow_a_second( array $request ): array {
		$request['args']['timeout'] = 1;
		return $request;
	}

	/**
	 * Frees WP-Cron's lock, if this request holds it. WordPress does that at the end of a run that ends well; after one
	 * that died, nothing scheduled would run for a minute.
	 */
	public static function free_cron(): void {
		global $doing_wp_cron;
		if ( ! empty( $doing_wp_cron ) && get_transient( 'doing_cron' ) === $doing_wp_cron ) {
			delete_transient( 'doing_cron' );
		}
	}

	/**
	 * Forgets what this request has read of the cron option.
	 */
	private static function read_afresh(): void {
		wp_cache_delete( 'alloptions', 'options' );
		wp_cache_delete( 'cron', 'options' );
	}
}
