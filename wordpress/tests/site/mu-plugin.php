<?php
/**
 * Lets the tests watch and disturb the plugin. scripts/test-wordpress puts it into the test site and takes it out again.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

// The address and the settings of this request alone.
if ( isset( $_SERVER['HTTP_X_TEST_ADDRESS'] ) ) {
	$_SERVER['REMOTE_ADDR'] = $_SERVER['HTTP_X_TEST_ADDRESS'];
}
add_filter(
	'option_gatepost_settings',
	static function ( $settings ) {
		$changes = json_decode( wp_unslash( $_SERVER['HTTP_X_TEST_SETTINGS'] ?? '{}' ), true );
		return array_merge( $settings, $changes );
	}
);
add_filter( 'gatepost_batch_seconds', static fn( $seconds ) => Gatepost_Settings::all()['test_batch_seconds'] ?? $seconds );
add_filter( 'gatepost_order_retry_delay', static fn() => 1 );

// What the order listeners saw, in order.
function gatepost_test_log( string $hook, string $event_id ): void {
	global $wpdb;
	$wpdb->insert( 'gatepost_test_log', array( 'hook' => $hook, 'event_id' => $event_id ) );
}
add_action(
	'gatepost_order_event',
	static function ( $payload ) {
		global $wpdb;
		$before = (int) $wpdb->get_var( $wpdb->prepare( "SELECT COUNT(*) FROM gatepost_test_log WHERE hook = 'try' AND event_id = %s", $payload['event_id'] ) );
		gatepost_test_log( 'try', $payload['event_id'] );
		if ( $before < ( $payload['data']['fail_times'] ?? 0 ) ) {
			throw new RuntimeException( 'the listener is not ready' );
		}
		if ( $before < ( $payload['data']['fatal_times'] ?? 0 ) ) {
			// What nobody can catch: PHP ends.
			exit( 1 );
		}
		gatepost_test_log( 'done', $payload['event_id'] );
	}
);
add_action( 'gatepost_order_event_stripe_charge_succeeded', static fn( $payload ) => gatepost_test_log( 'typed', $payload['event_id'] ) );
add_action(
	'gatepost_user_synced',
	static function ( $user_id, $payload ) {
		if ( isset( $payload['data']['log_sync'] ) ) {
			gatepost_test_log( 'synced', $payload['event_ids'][0] );
		}
	},
	10,
	2
);

// Faults inside the transaction, after the key was claimed.
add_action( 'update_user_metadata', 'gatepost_test_fault', 10, 4 );
function gatepost_test_fault( $result, $user_id, $name, $value ) {
	global $wpdb;
	if ( 'gatepost_fault' !== $name ) {
		return $result;
	}
	switch ( $value ) {
		case 'throw':
			throw new LogicException( 'a plugin failed' );
		case 'slow':
			usleep( 300000 );
			break;
		case 'fatal':
			exit( 1 );
		case 'kill':
			// As the kernel does when memory is short: no shutdown function runs.
			exec( 'kill -KILL ' . getmypid() );
			break;
		case 'sql':
			$shown = $wpdb->suppress_errors( true );
			$wpdb->query( "UPDATE $wpdb->usermeta SET no_such_column = 1" );
			$wpdb->suppress_errors( $shown );
			break;
		case 'busy-throw':
			// WordPress's own functions would keep this error to themselves.
			$wpdb->query( "SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1205, MESSAGE_TEXT = 'Lock wait timeout exceeded'" );
			throw new LogicException( 'a plugin did not expect that' );
		case 'commit':
			$wpdb->query( 'COMMIT' );
			break;
		case 'commit-throw':
			$wpdb->query( 'COMMIT' );
			throw new LogicException( 'a plugin committed and failed' );
		case 'rollback':
			$wpdb->query( 'ROLLBACK' );
			break;
		case 'rollback-once':
			if ( ! defined( 'GATEPOST_TEST_ONCE' ) ) {
				define( 'GATEPOST_TEST_ONCE', true );
				$wpdb->query( 'ROLLBACK' );
			}
			break;
		case 'disconnect':
			$wpdb->query( 'KILL CONNECTION_ID()' );
			break;
	}
	return true;
}

// Runs the worker beside WP-Cron, which lets only one run at a time.
if ( 'work' === ( $_GET['gatepost_test'] ?? '' ) ) {
	add_action(
		'init',
		static function () {
			Gatepost_Order_Worker::run();
			exit( 0 );
		},
		20
	);
}
if ( 'health' === ( $_GET['gatepost_test'] ?? '' ) ) {
	add_action(
		'init',
		static function () {
			$answer = array( 'loopback' => Gatepost_Site_Health::loopback() );
			foreach ( apply_filters( 'site_status_tests', array( 'direct' => array(), 'async' => array() ) )['direct'] as $name => $test ) {
				if ( 0 === strpos( $name, 'gatepost_' ) ) {
					$answer[ substr( $name, 9 ) ] = call_user_func( $test['test'] );
				}
			}
			wp_send_json( $answer );
		},
		20
	);
}

// What an action of Action Scheduler does: it fires its hook.
if ( 'action' === ( $_GET['gatepost_test'] ?? '' ) ) {
	add_action(
		'wp_loaded',
		static function () {
			do_action( 'gatepost_work_orders' );
			exit( 0 );
		}
	);
}
// A stand-in for Action Scheduler, in the requests that ask for it.
if ( isset( $_SERVER['HTTP_X_TEST_SCHEDULER'] ) ) {
	function as_enqueue_async_action( $hook, $args = array(), $group = '' ) {
		gatepost_test_log( 'as_async', "$hook $group " . json_encode( $args ) );
		return 1;
	}
	function as_schedule_single_action( $time, $hook, $args = array(), $group = '' ) {
		gatepost_test_log( 'as_single', "$hook $group " . json_encode( $args ) );
		return 1;
	}
	function as_next_scheduled_action( $hook, $args = null, $group = '' ) {
		return false;
	}
}
// WordPress's privacy tools, as its own pages call them.
if ( in_array( $_GET['gatepost_test'] ?? '', array( 'export', 'erase' ), true ) ) {
	add_action(
		'init',
		static function () {
			$tools = apply_filters( 'export' === $_GET['gatepost_test'] ? 'wp_privacy_personal_data_exporters' : 'wp_privacy_personal_data_erasers', array() );
			wp_send_json( call_user_func( $tools['gatepost']['callback'], wp_unslash( $_GET['email'] ), 1 ) );
		},
		20
	);
}

// The tick, where the list of arrivals may have few rows.
if ( 'tick' === ( $_GET['gatepost_test'] ?? '' ) ) {
	add_filter( 'gatepost_keep_arrivals_rows', static fn() => 1000 );
	add_action(
		'wp_loaded',
		static function () {
			do_action( 'gatepost_tick' );
			exit( 0 );
		}
	);
}
