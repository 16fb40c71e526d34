<?php
/**
 * Installs WordPress and the plugin's settings for scripts/wordpress-site, without wp-cli.
 *
 * Run again it changes only what differs. Prints WORDPRESS_APP_PASSWORD=… on standard output.
 *
 * @package Gatepost
 */

if ( 'cli' !== PHP_SAPI || empty( $argv[1] ) ) {
	exit( 2 );
}

$gatepost_root = rtrim( $argv[1], '/' );
define( 'WP_INSTALLING', ! file_exists( $gatepost_root . '/.installed' ) );
// The web server is not up yet: a cron run started from here would fail and keep WP-Cron locked for a minute.
define( 'DISABLE_WP_CRON', true );
$_SERVER['HTTP_HOST']       = '127.0.0.1';
$_SERVER['REQUEST_URI']     = '/';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['REQUEST_METHOD']  = 'GET';

require $gatepost_root . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';

if ( ! is_blog_installed() ) {
	// No mail leaves this machine.
	add_filter( 'pre_wp_mail', '__return_true' );
	wp_install( 'Gatepost test site', 'gatepost', 'gatepost@example.org', false, '', getenv( 'GATEPOST_SITE_ADMIN_PASSWORD' ) );
	update_option( 'permalink_structure', '/%postname%/' );
	update_option( 'blog_public', 0 );
}
if ( WP_INSTALLING ) {
	touch( $gatepost_root . '/.installed' );
	// Once more without WP_INSTALLING, which keeps plugins and the cron option from working as usual.
	passthru( escapeshellarg( PHP_BINARY ) . ' -d memory_limit=256M ' . escapeshellarg( __FILE__ ) . ' ' . escapeshellarg( $gatepost_root ), $gatepost_status );
	exit( $gatepost_status );
}

$gatepost_error = activate_plugin( 'gatepost/gatepost.php' );
if ( is_wp_error( $gatepost_error ) ) {
	fwrite( STDERR, $gatepost_error->get_error_message() . "\n" );
	exit( 1 );
}

Gatepost_Plugin::upgrade();
if ( false === get_option( Gatepost_Settings::OPTION ) ) {
	Gatepost_Settings::save(
		array(
			'create_users' => true,
			'meta_fields'  => array( 'plan', 'company' ),
			// A demo or a load test comes from one address.
			'rate_limit'   => 0,
		)
	);
}
Gatepost_Secrets::set( 'current', getenv( 'HMAC_SHARED_SECRET' ) );
Gatepost_Settings::set_token( getenv( 'WORDPRESS_TEST_TOKEN' ) );

$gatepost_user     = get_user_by( 'login', 'gatepost' );
$gatepost_password = (string) getenv( 'WORDPRESS_APP_PASSWORD' );
$gatepost_known    = false;
foreach ( WP_Application_Passwords::get_user_application_passwords( $gatepost_user->ID ) as $gatepost_item ) {
	$gatepost_known = $gatepost_known || ( '' !== $gatepost_password && wp_check_password( $gatepost_password, $gatepost_item['password'] ) );
}
if ( ! $gatepost_known ) {
	$gatepost_made     = WP_Application_Passwords::create_new_application_password( $gatepost_user->ID, array( 'name' => 'gateway ' . gmdate( 'YmdHis' ) ) );
	$gatepost_password = $gatepost_made[0];
}
echo 'WORDPRESS_APP_PASSWORD=' . $gatepost_password . "\n";
