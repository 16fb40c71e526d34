<?php
/**
 * For both suites: the plugin's classes without WordPress, and the site to talk to.
 *
 * @package Gatepost
 */

define( 'ABSPATH', dirname( __DIR__ ) . '/' );
require_once dirname( __DIR__ ) . '/gatepost/includes/autoload.php';
require_once __DIR__ . '/class-gatepost-test-site.php';
require_once __DIR__ . '/class-gatepost-test-token.php';
require_once __DIR__ . '/class-gatepost-rest-test-case.php';
require_once __DIR__ . '/class-gatepost-admin-test-case.php';
