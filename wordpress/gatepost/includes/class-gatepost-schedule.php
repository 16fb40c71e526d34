<?php
/**
 * Our events in WP-Cron.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * When the order worker and the clean-up run.
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
	 * Takes all our events out.
	 */
	public static function clear(): void {
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
		// Twice the same event within ten minutes is one event for WordPress, which is what we want here.
		wp_schedule_single_event( time(), self::WORK );
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
		self::read_afresh();
		if ( false === wp_next_scheduled( self::WORK, array( $second ) ) ) {
			wp_schedule_single_event( $second, self::WORK, array( $second ) );
		}
	}

	/**
	 * Starts WP-Cron by WordPress's own loopback request, unless the site runs it from a crontab.
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
