<?php
/**
 * Who is asking, as the web server tells.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * The client's address and its Authorization header.
 */
final class Gatepost_Client {

	/**
	 * The address. REMOTE_ADDR alone: X-Forwarded-For is the client's own word, and a site behind a proxy has its web
	 * server set REMOTE_ADDR (nginx: the realip module).
	 */
	public static function address(): string {
		return isset( $_SERVER['REMOTE_ADDR'] ) ? sanitize_text_field( wp_unslash( $_SERVER['REMOTE_ADDR'] ) ) : '';
	}

	/**
	 * The Authorization header, wherever this server puts it; empty when there is none.
	 */
	public static function authorization(): string {
		foreach ( array( 'HTTP_AUTHORIZATION', 'REDIRECT_HTTP_AUTHORIZATION' ) as $name ) {
			if ( ! empty( $_SERVER[ $name ] ) ) {
				// Not sanitised: compared, never stored or printed.
				return trim( wp_unslash( $_SERVER[ $name ] ) ); // phpcs:ignore WordPress.Security.ValidatedSanitizedInput
			}
		}
		// Apache with mod_php takes Basic apart and keeps the header to itself.
		return isset( $_SERVER['PHP_AUTH_USER'] ) ? 'Basic -' : '';
	}

	/**
	 * Basic, bearer or another scheme, in lower case.
	 */
	public static function scheme(): string {
		return strtolower( explode( ' ', self::authorization() )[0] );
	}

	/**
	 * What stands after the scheme.
	 */
	public static function credentials(): string {
		return trim( substr( self::authorization(), strlen( self::scheme() ) ) );
	}

	/**
	 * Whether the request that WordPress is serving is for one of our routes.
	 */
	public static function asks_us(): bool {
		global $wp;
		$route = isset( $wp->query_vars['rest_route'] ) ? (string) $wp->query_vars['rest_route'] : '';
		return Gatepost_Rest::is_ours( $route );
	}
}
