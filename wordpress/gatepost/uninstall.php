<?php
/**
 * Removes everything that the plugin made, when it is deleted. Users that events created stay.
 *
 * @package Gatepost
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

require_once __DIR__ . '/includes/autoload.php';

$gatepost_sites = is_multisite() ? get_sites(
	array(
		'fields' => 'ids',
		'number' => 0,
	)
) : array( get_current_blog_id() );
foreach ( $gatepost_sites as $gatepost_site ) {
	if ( is_multisite() ) {
		switch_to_blog( $gatepost_site );
	}
	Gatepost_Schedule::clear();
	Gatepost_Tables::drop();
	Gatepost_Role::remove();
	delete_option( Gatepost_Settings::OPTION );
	if ( is_multisite() ) {
		restore_current_blog();
	}
}
