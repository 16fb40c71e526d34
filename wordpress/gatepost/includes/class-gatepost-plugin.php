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
		add_action( 'init', array( self::class, 'load_translation' ), 1 );
		add_action( 'init', array( self::class, 'upgrade' ) );
		add_action( 'rest_api_init', array( 'Gatepost_Rest', 'register' ) );
		add_filter( 'rest_authentication_errors', array( 'Gatepost_Auth', 'name_core_error' ), 95 );

		add_filter( 'cron_schedules', array( 'Gatepost_Schedule', 'intervals' ) );
		add_action( Gatepost_Schedule::WORK, array( 'Gatepost_Order_Worker', 'run' ), 10, 0 );
		add_action( Gatepost_Schedule::TICK, array( 'Gatepost_Order_Worker', 'run' ), 10, 0 );
		add_action( Gatepost_Schedule::TICK, array( 'Gatepost_Cleanup', 'trim' ), 20, 0 );
		if ( wp_doing_cron() ) {
			// Whatever WP-Cron has lost, and whoever died holding its lock: every cron request first works off what is due.
			add_action( 'wp_loaded', array( 'Gatepost_Order_Worker', 'run' ), 99, 0 );
		}
		add_action( Gatepost_Schedule::CLEAN, array( 'Gatepost_Cleanup', 'run' ), 10, 0 );

		add_action( 'deleted_user', array( 'Gatepost_User_Links', 'forget_user' ) );
		add_action( 'wp_initialize_site', array( 'Gatepost_Network', 'site_made' ), 900 );
		add_filter( 'wpmu_drop_tables', array( 'Gatepost_Network', 'tables_of_site' ), 10, 2 );

		self::start_admin();
		if ( defined( 'WP_CLI' ) && WP_CLI ) {
			Gatepost_Cli::register();
		}
	}

	/**
	 * Registers what administrators see and use.
	 */
	private static function start_admin(): void {
		add_filter( 'site_status_tests', array( 'Gatepost_Site_Health', 'add' ) );
		add_filter( 'wp_privacy_personal_data_exporters', array( 'Gatepost_Privacy', 'add_exporter' ) );
		add_filter( 'wp_privacy_personal_data_erasers', array( 'Gatepost_Privacy', 'add_eraser' ) );
		if ( ! is_admin() ) {
			return;
		}
		add_action( 'admin_menu', array( 'Gatepost_Settings_Page', 'add' ) );
		add_action( 'admin_menu', array( 'Gatepost_Admin_Page', 'add' ) );
		add_action( 'wp_dashboard_setup', array( 'Gatepost_Dashboard', 'add' ) );
		add_action( 'admin_init', array( 'Gatepost_Settings_Page', 'register' ) );
		add_action( 'admin_init', array( 'Gatepost_Privacy', 'suggest_policy' ) );
		add_action( 'admin_post_gatepost_retry', array( 'Gatepost_Admin_Page', 'retry' ) );
		add_action( 'wp_ajax_health-check-' . Gatepost_Site_Health::LOOPBACK, array( 'Gatepost_Site_Health', 'answer_loopback' ) );
		add_filter( 'plugin_action_links_' . plugin_basename( GATEPOST_DIR . '/gatepost.php' ), array( self::class, 'add_links' ) );
	}

	/**
	 * Adds links to our pages to the list of plugins.
	 *
	 * @param string[] $links WordPress's.
	 */
	public static function add_links( array $links ): array {
		$ours = array(
			sprintf( '<a href="%s">%s</a>', esc_url( admin_url( 'options-general.php?page=' . Gatepost_Settings_Page::PAGE ) ), esc_html__( 'Settings', 'gatepost' ) ),
			sprintf( '<a href="%s">%s</a>', esc_url( Gatepost_Admin_Page::url() ), esc_html__( 'Events', 'gatepost' ) ),
		);
		return array_merge( $ours, $links );
	}

	/**
	 * Loads the translation: the directory's own packs, else the one that comes with the plugin.
	 */
	public static function load_translation(): void {
		load_plugin_textdomain( 'gatepost', false, dirname( plugin_basename( GATEPOST_DIR . '/gatepost.php' ) ) . '/languages' );
	}

	/**
	 * Activation. On a large network the sites that are not reached in time get their tables when they are first visited.
	 *
	 * @param bool $network_wide Whether on every site of the network.
	 */
	public static function activate( bool $network_wide = false ): void {
		$begin = static function (): void {
			self::upgrade();
			Gatepost_Schedule::ensure();
		};
		if ( $network_wide ) {
			Gatepost_Network::each_site( $begin, 15 );
		} else {
			$begin();
		}
	}

	/**
	 * Deactivation takes our events out of WP-Cron and leaves data and settings.
	 *
	 * @param bool $network_wide Whether on every site of the network.
	 */
	public static function deactivate( bool $network_wide = false ): void {
		if ( $network_wide ) {
			Gatepost_Network::each_site( array( 'Gatepost_Schedule', 'clear' ) );
		} else {
			Gatepost_Schedule::clear();
		}
	}

	/**
	 * Brings this site's tables, role and recurring events up to this version. One option read when there is nothing to do.
	 */
	public static function upgrade(): void {
		if ( Gatepost_Tables::is_current() ) {
			return;
		}
		Gatepost_Tables::install();
		Gatepost_Settings::upgrade();
		Gatepost_Role::install();
		Gatepost_Schedule::ensure();
	}
}
