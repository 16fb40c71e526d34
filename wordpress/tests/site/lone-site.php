<?php
/**
 * A WordPress of its own in the test site's database, under another table prefix: one that can be taken apart.
 *
 * usage: php lone-site.php WORDPRESS_ROOT PREFIX install|network|single|innodb
 *
 * `install` installs it. `single` and `network` run the plugin's whole life there, from activation to uninstall, and print what
 * they see as JSON; `network` makes it a network first, `innodb` is a single site whose database has no other engine.
 *
 * @package Gatepost
 */

if ( 'cli' !== PHP_SAPI || 4 !== count( $argv ) ) {
	exit( 2 );
}
list( , $gatepost_root, $gatepost_prefix, $gatepost_what ) = $argv;

$gatepost_root              = rtrim( $gatepost_root, '/' );
$_SERVER['HTTP_HOST']       = 'lone.example';
$_SERVER['REQUEST_URI']     = '/';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['REQUEST_METHOD']  = 'GET';
$_SERVER['REMOTE_ADDR']     = '127.0.0.1';

// The site's configuration without its prefix, and without the last line, which starts WordPress.
foreach ( file( "$gatepost_root/wp-config.php" ) as $gatepost_line ) {
	if ( 1 === preg_match( "/^define\( '(DB_[A-Z]+)', '(.*)' \);/", $gatepost_line, $gatepost_found ) ) {
		define( $gatepost_found[1], $gatepost_found[2] );
	}
}
define( 'ABSPATH', "$gatepost_root/" );
define( 'WP_DEBUG', false );
define( 'WP_ENVIRONMENT_TYPE', 'local' );
define( 'WP_HTTP_BLOCK_EXTERNAL', true );
define( 'DISABLE_WP_CRON', true );
define( 'WPMU_PLUGIN_DIR', "$gatepost_root/no-mu-plugins" );
if ( 'install' === $gatepost_what ) {
	define( 'WP_INSTALLING', true );
	define( 'WP_HOME', 'http://lone.example' );
	define( 'WP_SITEURL', 'http://lone.example' );
} elseif ( 'network' === $gatepost_what ) {
	define( 'MULTISITE', true );
	define( 'SUBDOMAIN_INSTALL', false );
	define( 'DOMAIN_CURRENT_SITE', 'lone.example' );
	define( 'PATH_CURRENT_SITE', '/' );
	define( 'SITE_ID_CURRENT_SITE', 1 );
	define( 'BLOG_ID_CURRENT_SITE', 1 );
}
$table_prefix = $gatepost_prefix;
require ABSPATH . 'wp-settings.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';
add_filter( 'pre_wp_mail', '__return_true' );
if ( 'innodb' === $gatepost_what ) {
	$wpdb->suppress_errors( true );
	add_filter( 'query', static fn( $query ) => str_replace( 'ENGINE=MEMORY', 'ENGINE=NO_SUCH', $query ) );
}

if ( 'install' === $gatepost_what ) {
	wp_install( 'Lone site', 'lone', 'lone@example.org', false, '', bin2hex( random_bytes( 8 ) ) );
	foreach ( $wpdb->tables( 'ms_global' ) as $gatepost_name => $gatepost_table ) {
		$wpdb->$gatepost_name = $gatepost_table;
	}
	install_network();
	populate_network( 1, 'lone.example', 'lone@example.org', 'Lone network', '/', false );
	exit( 0 );
}

const GATEPOST_PLUGIN = 'gatepost/gatepost.php';

// What of ours is there, for every site.
function gatepost_lone_state(): array {
	global $wpdb;
	$state = array();
	foreach ( is_multisite() ? get_sites( array( 'fields' => 'ids' ) ) : array( 1 ) as $site ) {
		$prefix         = is_multisite() ? $wpdb->get_blog_prefix( $site ) : $wpdb->prefix;
		$crons          = maybe_unserialize( $wpdb->get_var( "SELECT option_value FROM {$prefix}options WHERE option_name = 'cron'" ) );
		$roles          = (string) $wpdb->get_var( "SELECT option_value FROM {$prefix}options WHERE option_name = '{$prefix}user_roles'" );
		$state[ $site ] = array(
			'tables'  => count( $wpdb->get_col( $wpdb->prepare( 'SHOW TABLES LIKE %s', $wpdb->esc_like( $prefix . 'gatepost_' ) . '%' ) ) ),
			'options' => $wpdb->get_col( "SELECT option_name FROM {$prefix}options WHERE option_name LIKE '%gatepost%' ORDER BY option_name" ),
			'cron'    => preg_match_all( '/"gatepost_(tick|clean|work_orders)"/', (string) wp_json_encode( $crons ) ),
			'role'    => false !== strpos( $roles, 'gatepost' ),
		);
	}
	return $state;
}

// Pushes one user-sync and one order event on the current site, past authentication.
function gatepost_lone_push( string $who ): array {
	$payload = array( 'tenant_id' => 't', 'source' => 'stripe', 'event_type' => 'customer.updated', 'actor' => array( 'id' => $who, 'email' => "$who@example.net" ), 'occurred_at' => 1000 );
	$items   = array();
	foreach ( array( 'user-sync' => array( 'event_ids' => array( $who ) ), 'order-event' => array( 'event_id' => $who ) ) as $route => $ids ) {
		$items[] = Gatepost_Item::from_raw( array( 'route' => $route, 'idempotency_key' => "$who-$route", 'payload' => $payload + $ids ) );
	}
	$results = ( new Gatepost_Runner( '' ) )->run( $items );
	return array( 'outcomes' => array_column( $results, 'outcome' ), 'member' => is_user_member_of_blog( $results[0]['user_id'] ), 'user' => $results[0]['user_id'] );
}

$gatepost_seen = array( 'before' => gatepost_lone_state() );
$gatepost_wide = is_multisite();
if ( $gatepost_wide ) {
	wp_insert_site( array( 'domain' => 'lone.example', 'path' => '/two/', 'network_id' => 1, 'user_id' => 1 ) );
	$gatepost_seen['two_sites'] = gatepost_lone_state();
}
activate_plugin( GATEPOST_PLUGIN, '', $gatepost_wide );
$gatepost_seen['activated'] = gatepost_lone_state();
if ( $gatepost_wide ) {
	$gatepost_third             = wp_insert_site( array( 'domain' => 'lone.example', 'path' => '/three/', 'network_id' => 1, 'user_id' => 1 ) );
	$gatepost_seen['new_site']  = gatepost_lone_state();
	$gatepost_seen['pushed_at_1'] = gatepost_lone_push( 'one' );
	switch_to_blog( $gatepost_third );
	$gatepost_seen['pushed_at_3'] = gatepost_lone_push( 'one' );
	Gatepost_Order_Worker::run();
	$gatepost_seen['done_at_3'] = Gatepost_Orders::count( 'done' );
	restore_current_blog();
	$gatepost_seen['pending_at_1'] = Gatepost_Orders::count( 'pending' );
	// A site that is deleted takes its tables along.
	$gatepost_fourth = wp_insert_site( array( 'domain' => 'lone.example', 'path' => '/four/', 'network_id' => 1, 'user_id' => 1 ) );
	wp_delete_site( $gatepost_fourth );
	$gatepost_seen['left_of_4'] = $wpdb->get_col( $wpdb->prepare( 'SHOW TABLES LIKE %s', $wpdb->esc_like( $wpdb->base_prefix . $gatepost_fourth . '_gatepost_' ) . '%' ) );
} else {
	$gatepost_seen['pushed'] = gatepost_lone_push( 'one' );
}
Gatepost_Secrets::set( 'current', 'a secret of sixteen' );
$gatepost_seen['meta'] = (int) $wpdb->get_var( "SELECT COUNT(*) FROM $wpdb->usermeta WHERE meta_key LIKE 'gatepost\_%'" );
deactivate_plugins( GATEPOST_PLUGIN, false, $gatepost_wide );
$gatepost_seen['deactivated'] = gatepost_lone_state();
uninstall_plugin( GATEPOST_PLUGIN );
$gatepost_seen['uninstalled'] = gatepost_lone_state();
$gatepost_seen['meta_left']   = (int) $wpdb->get_var( "SELECT COUNT(*) FROM $wpdb->usermeta WHERE meta_key LIKE '%gatepost%'" );
$gatepost_seen['user_left']   = false !== get_user_by( 'email', 'one@example.net' );
echo wp_json_encode( $gatepost_seen );
