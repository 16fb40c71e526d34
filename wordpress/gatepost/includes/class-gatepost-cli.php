<?php
/**
 * WP-CLI: wp gatepost.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Looks after the Gatepost plugin.
 */
final class Gatepost_Cli {

	/**
	 * Registers the commands.
	 */
	public static function register(): void {
		WP_CLI::add_command( 'gatepost', self::class );
		WP_CLI::add_command( 'gatepost events', 'Gatepost_Cli_Events' );
		WP_CLI::add_command( 'gatepost secrets', 'Gatepost_Cli_Secrets' );
	}

	/**
	 * Tells how the plugin is, and fails when something must be mended.
	 *
	 * ## OPTIONS
	 *
	 * [--format=<format>]
	 * : table, json or yaml.
	 * ---
	 * default: table
	 * ---
	 *
	 * @param array $args  Words.
	 * @param array $assoc Options.
	 */
	public function status( array $args, array $assoc ): void {
		if ( array() !== Gatepost_Tables::missing() ) {
			WP_CLI::error( 'Tables are missing: ' . implode( ', ', Gatepost_Tables::missing() ) . '. Deactivate and activate the plugin.' );
		}
		$rows = array();
		foreach ( Gatepost_Status::answer()->get_data() as $name => $value ) {
			$rows[] = array(
				'name'  => $name,
				'value' => is_array( $value ) ? implode( ', ', $value ) : (string) $value,
			);
		}
		$critical = 0;
		foreach ( Gatepost_Site_Health::add( array() )['direct'] as $name => $test ) {
			$result    = call_user_func( $test['test'] );
			$critical += 'critical' === $result['status'] ? 1 : 0;
			$rows[]    = array(
				'name'  => $name,
				'value' => $result['status'] . ': ' . $result['label'],
			);
		}
		WP_CLI\Utils\format_items( $assoc['format'] ?? 'table', $rows, array( 'name', 'value' ) );
		if ( $critical > 0 ) {
			WP_CLI::halt( 1 );
		}
	}

	/**
	 * Removes what is older than it is kept, all of it at once, as WP-Cron does in small steps.
	 *
	 * ## OPTIONS
	 *
	 * [--failed-orders=<days>]
	 * : Also order events that failed and were worked on last so many days ago.
	 *
	 * [--yes]
	 * : Do not ask before removing failed order events.
	 *
	 * @param array $args  Words.
	 * @param array $assoc Options.
	 */
	public function purge( array $args, array $assoc ): void {
		if ( isset( $assoc['failed-orders'] ) ) {
			$days = (string) $assoc['failed-orders'];
			if ( 1 !== preg_match( '/^[0-9]{1,4}\z/', $days ) ) {
				WP_CLI::error( '--failed-orders: expected a number of days from 0 to 9999.' );
			}
			WP_CLI::confirm( "Remove order events that failed, worked on last $days days ago or earlier?", $assoc );
			$count = Gatepost_Order_Queries::remove_failed( Gatepost_Time::now() - (int) $days * DAY_IN_SECONDS * 1000 + 1 );
			WP_CLI::log( "Removed failed order events: $count." );
		}
		while ( ! Gatepost_Cleanup::sweep( microtime( true ) + 10 ) ) {
			WP_CLI::log( 'Still removing.' );
		}
		WP_CLI::success( 'Nothing old is left.' );
	}
}
