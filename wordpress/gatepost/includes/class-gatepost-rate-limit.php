<?php
/**
 * Rate limits.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Counts requests of an address in the running minute, and refused authentications apart with a lower limit. Over the limit
 * only what is rightly signed gets through.
 *
 * A small table in memory, one statement a request: a transient would be two reads and two writes, and would count two
 * requests of the same moment as one. When counting fails, nobody is refused.
 */
final class Gatepost_Rate_Limit {

	private const MOST_FAILURES = 30;

	/**
	 * Counts a request on our routes, before the permission callback, which WordPress calls twice.
	 *
	 * @param mixed           $response What has been found so far.
	 * @param array           $handler  The route's.
	 * @param WP_REST_Request $request  The request.
	 * @return mixed
	 */
	public static function before( $response, $handler, $request ) {
		$limit = self::limit();
		if ( 0 === $limit || ! Gatepost_Rest::is_ours( $request->get_route() ) ) {
			return $response;
		}
		$failures = min( self::MOST_FAILURES, $limit );
		$over     = self::count( 'request', 1 ) > $limit || self::count( 'failure', 0 ) >= $failures;
		// Strangers may share the gateway's address, that of a proxy: what they do must not keep its signed requests out.
		if ( $over && ! Gatepost_Auth::is_signed( $request ) ) {
			$refusal = new Gatepost_Refusal( 'gatepost_rate_limited', __( 'Too many requests in this minute.', 'gatepost' ), 429 );
			return $refusal->to_wp_error();
		}
		return $response;
	}

	/**
	 * Counts a refused authentication.
	 *
	 * @param mixed           $response The answer.
	 * @param array           $handler  The route's.
	 * @param WP_REST_Request $request  The request.
	 * @return mixed
	 */
	public static function after( $response, $handler, $request ) {
		if ( is_wp_error( $response ) && Gatepost_Rest::is_ours( $request->get_route() ) ) {
			self::count_failure( (int) ( $response->get_error_data()['status'] ?? 0 ) );
		}
		return $response;
	}

	/**
	 * Counts a refused authentication by its status.
	 *
	 * @param int $status HTTP status.
	 */
	public static function count_failure( int $status ): void {
		if ( in_array( $status, array( 401, 403 ), true ) && 0 !== self::limit() ) {
			self::count( 'failure', 1 );
		}
	}

	/**
	 * Forgets the counters of minutes past.
	 */
	public static function forget_old(): void {
		global $wpdb;
		$table = Gatepost_Tables::name( 'rate' );
		$wpdb->query( $wpdb->prepare( "DELETE FROM $table WHERE minute < %d", intdiv( time(), 60 ) ) ); // phpcs:ignore WordPress.DB
	}

	/**
	 * Requests a minute; 0 is no limit.
	 */
	private static function limit(): int {
		/**
		 * How many requests an address may send in a minute; 0 switches the limits off.
		 *
		 * @param int $limit The setting.
		 */
		return max( 0, (int) apply_filters( 'gatepost_rate_limit', Gatepost_Settings::get( 'rate_limit' ) ) );
	}

	/**
	 * Adds to a counter and reads it.
	 *
	 * @param string $kind Which counter.
	 * @param int    $hits What is added.
	 */
	private static function count( string $kind, int $hits ): int {
		global $wpdb;
		$address = Gatepost_Ip_Range::bytes( Gatepost_Client::address() ) ?? '';
		// One customer has a whole /64 of IPv6.
		$address = bin2hex( 16 === strlen( $address ) ? substr( $address, 0, 8 ) : $address );
		$minute  = intdiv( time(), 60 );
		$table   = Gatepost_Tables::name( 'rate' );
		$shown   = $wpdb->suppress_errors( true );
		$row     = $wpdb->prepare( '( UNHEX(%s), %s, %d, LAST_INSERT_ID(%d) )', $address, $kind, $minute, $hits );
		$rows    = $wpdb->query( "INSERT INTO $table (address, kind, minute, hits) VALUES $row ON DUPLICATE KEY UPDATE hits = LAST_INSERT_ID(hits + $hits)" ); // phpcs:ignore WordPress.DB
		$counted = false === $rows ? 0 : (int) $wpdb->get_var( 'SELECT LAST_INSERT_ID()' ); // phpcs:ignore WordPress.DB
		$wpdb->suppress_errors( $shown );
		if ( 1 === $rows && 1 === $hits ) {
			self::forget_old();
		}
		return $counted;
	}
}
