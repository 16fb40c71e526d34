<?php
/**
 * The end.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Takes away everything that the plugin made: tables, options, role, scheduled work, user meta. Users that events created stay.
 */
final class Gatepost_Uninstall {

	private const AT_ONCE = 1000;

	/**
	 * Runs it.
	 */
	public static function run(): void {
		Gatepost_Network::each_site( array( self::class, 'site' ) );
		self::meta();
	}

	/**
	 * One site's.
	 */
	public static function site(): void {
		Gatepost_Schedule::clear();
		Gatepost_Tables::drop();
		Gatepost_Role::remove();
		delete_option( Gatepost_Settings::OPTION );
	}

	/**
	 * User meta, some at a time. A network has one table of it.
	 */
	private static function meta(): void {
		global $wpdb;
		$like = $wpdb->esc_like( Gatepost_Personal_Data::META ) . '%';
		do {
			// phpcs:ignore WordPress.DB.DirectDatabaseQuery
			$removed = (int) $wpdb->query( $wpdb->prepare( "DELETE FROM $wpdb->usermeta WHERE meta_key LIKE %s LIMIT %d", $like, self::AT_ONCE ) );
		} while ( $removed >= self::AT_ONCE );
		wp_cache_flush();
	}
}
