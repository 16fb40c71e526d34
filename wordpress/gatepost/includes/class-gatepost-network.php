<?php
/**
 * Networks of sites.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Does something on each site of a network. Every site has tables, settings, role and schedule of its own.
 */
final class Gatepost_Network {

	private const AT_ONCE = 100;

	/**
	 * Does it on each site; on a single site, there.
	 *
	 * @param callable $action  What is done.
	 * @param int      $seconds No further site is begun after that; 0: all.
	 */
	public static function each_site( callable $action, int $seconds = 0 ): void {
		if ( ! is_multisite() ) {
			$action();
			return;
		}
		$until = microtime( true ) + $seconds;
		for ( $offset = 0; ; $offset += self::AT_ONCE ) {
			$sites = get_sites(
				array(
					'fields'  => 'ids',
					'number'  => self::AT_ONCE,
					'offset'  => $offset,
					'orderby' => 'id',
				)
			);
			foreach ( $sites as $site ) {
				self::on_site( (int) $site, $action );
				if ( $seconds > 0 && microtime( true ) > $until ) {
					return;
				}
			}
			if ( count( $sites ) < self::AT_ONCE ) {
				return;
			}
		}
	}

	/**
	 * A new site of a network on which the plugin is active everywhere.
	 *
	 * @param WP_Site $site The site.
	 */
	public static function site_made( WP_Site $site ): void {
		require_once ABSPATH . 'wp-admin/includes/plugin.php';
		if ( is_plugin_active_for_network( plugin_basename( GATEPOST_DIR . '/gatepost.php' ) ) ) {
			self::on_site( (int) $site->blog_id, array( 'Gatepost_Plugin', 'upgrade' ) );
		}
	}

	/**
	 * The tables that go with a site that is deleted.
	 *
	 * @param string[] $tables  WordPress's.
	 * @param int      $site_id The site.
	 */
	public static function tables_of_site( array $tables, int $site_id ): array {
		global $wpdb;
		foreach ( Gatepost_Tables::ALL as $table ) {
			$tables[] = $wpdb->get_blog_prefix( $site_id ) . 'gatepost_' . $table;
		}
		return $tables;
	}

	/**
	 * Does something on one site.
	 *
	 * @param int      $site   Its id.
	 * @param callable $action What is done.
	 */
	private static function on_site( int $site, callable $action ): void {
		switch_to_blog( $site );
		try {
			$action();
		} finally {
			restore_current_blog();
		}
	}
}
