<?php
/**
 * Gatepost: takes batches of verified webhook events from the Gatepost gateway, each exactly once in effect.
 *
 * @package Gatepost
 *
 * Plugin Name:       Gatepost
 * Description:       Receives verified webhook events from the Gatepost gateway: users are kept in step, order events are queued and handed to your code.
 * Version:           1.0.0
 * Requires at least: 6.0
 * Requires PHP:      8.0
 * Author:            The Gatepost authors
 * License:           GPL-2.0-or-later
 * License URI:       https://www.gnu.org/licenses/gpl-2.0.html
 * Text Domain:       gatepost
 * Domain Path:       /languages
 */

defined( 'ABSPATH' ) || exit;

define( 'GATEPOST_VERSION', '1.0.0' );
define( 'GATEPOST_DIR', __DIR__ );

require_once __DIR__ . '/includes/autoload.php';

register_activation_hook( __FILE__, array( 'Gatepost_Plugin', 'activate' ) );
register_deactivation_hook( __FILE__, array( 'Gatepost_Plugin', 'deactivate' ) );

Gatepost_Plugin::start();
