<?php
/**
 * Removes everything that the plugin made, when it is deleted. Users that events created stay.
 *
 * @package Gatepost
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

require_once __DIR__ . '/includes/autoload.php';

Gatepost_Uninstall::run();
