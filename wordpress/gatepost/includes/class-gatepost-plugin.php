<?php
/**
 * What is hooked where.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * The plugin's hooks, activation and upgrade.
 */
final class Gatepost_Plugin {

	/**
	 * Registers every hook. Runs on each request, so it loads no class that the request does not need.
	 */
	public static function start(): void {
		add_action( 'init', array( self::class, 'upgrade' ) );
		add_action( 'rest_api_init', array( 'Gatepost_Rest', 'register' ) );
		add_filter( 'rest_authentication_errors', array( 'Gatepost_Auth', 'name_core_error' ), 95 );

		add_filter( 'cron_schedules', array( 'Gatepost_Schedule', 'intervals' ) );
		add_action( Gatepost_Schedule::WORK, array( 'Gatepost_Order_Worker', 'run' ), 10, 0 );
		add_action( Gatepost_Schedule::TICK, array( 'Gatepost_Order_Worker', 'run' ), 10, 0 );
		if ( wp_doing_cron() ) {
			// Whatever WP-Cron has lost, and whoever died holding its lock: every cron request first works off what is due.
			add_action( 'wp_loaded', array( 'Gatepost_Order_Worker', 'run' ), 99, 0 );
		}
		add_action( Gatepost_Schedule::CLEAN, array( 'Gatepost_Cleanup', 'run' ), 10, 0 );

		add_action( 'deleted_user', array( 'Gatepost_User_Links', 'forget_user' ) );

		if ( is_admin() ) {
			add_action( 'admin_menu', array( 'Gatepost_Settings_Page', 'add' ) );
			add_action( 'admin_init', array( 'Gatepost_Settings_Page', 'register' ) );
		}
		add_filter( 'site_status_tests', array( 'Gatepost_Site_Health', 'add' ) );
	}

	/**
	 * Activation. Network-wide activation makes the other sites' tables when they are first visited.
	 */
	public static function activate(): void {
		self::upgrade();
		Gatepost_Schedule::ensure();
	}

	/**
	 * Deactivation takes our events out of WP-Cron and leaves data and settings.
	 */
	public static function deactivate(): void {
		Gatepost_Schedule::clear();
	}

	/**
	 * Brings this site's tables, role and recurring events up to this version. One option read when there is nothing to do.
	 */
	public static function upgrade(): void {
		if ( Gatepost_Tables::is_current() ) {
			return;
		}
		Gatepost_Tables::install();
		Gatepost_Role::install();
		Gatepost_Schedule::ensure();
	}
}
