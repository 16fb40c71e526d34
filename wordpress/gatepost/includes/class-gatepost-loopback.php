<?php
/**
 * The site as the gateway sees it.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Asks the site's own status route with a token that cannot be right: the plugin's refusal tells that the route can be
 * reached and that the Authorization header arrives.
 */
final class Gatepost_Loopback {

	private const SECONDS = 10;

	/**
	 * Asks and judges.
	 *
	 * @return string[] Status, label, words.
	 */
	public static function finding(): array {
		if ( '' === (string) get_option( 'permalink_structure' ) ) {
			return array( 'critical', __( 'The gateway cannot reach the plugin', 'gatepost' ), __( 'Settings → Permalinks is at "Plain", so there is no /wp-json/. Choose any other.', 'gatepost' ) );
		}
		$answer = wp_remote_get(
			rest_url( Gatepost_Rest::SPACE . '/status' ),
			array(
				'timeout'     => self::SECONDS,
				'redirection' => 0,
				'headers'     => array( 'Authorization' => 'Bearer probe-of-site-health' ),
				/** This filter is documented in wp-includes/class-wp-http-streams.php */
				'sslverify'   => apply_filters( 'https_local_ssl_verify', false ),
			)
		);
		if ( is_wp_error( $answer ) ) {
			return array( 'recommended', __( 'The site does not reach itself', 'gatepost' ), __( 'So WP-Cron needs a crontab, and whether the gateway reaches the plugin cannot be told from here.', 'gatepost' ), $answer->get_error_message() );
		}
		$json = json_decode( wp_remote_retrieve_body( $answer ), true );
		return self::judge( (int) wp_remote_retrieve_response_code( $answer ), is_array( $json ) ? (string) ( $json['code'] ?? '' ) : '' );
	}

	/**
	 * Judges an answer.
	 *
	 * @param int    $status HTTP status.
	 * @param string $code   WordPress's or the plugin's; empty where the answer is no JSON.
	 * @return string[]
	 */
	public static function judge( int $status, string $code ): array {
		$reached = __( 'The gateway reaches the plugin', 'gatepost' );
		switch ( $code ) {
			case 'gatepost_token_wrong':
				return array( 'good', $reached, __( 'The status route answers, and the Authorization header arrives.', 'gatepost' ) );
			case 'gatepost_ip_not_allowed':
			case 'gatepost_rate_limited':
				return array( 'good', $reached, __( 'The status route answers. This server\'s own address is refused there, so that whether the Authorization header arrives could not be tried.', 'gatepost' ) );
			case 'gatepost_no_auth':
				return array( 'critical', __( 'The Authorization header does not arrive', 'gatepost' ), __( 'The web server strips it. Apache: "CGIPassAuth On", or SetEnvIf Authorization "(.*)" HTTP_AUTHORIZATION=$1. Or use the signature alone.', 'gatepost' ) );
		}
		/* translators: 1: HTTP status, 2: an error's code. */
		$words = sprintf( __( 'Something else answers at /wp-json/ai-guy/v1/status: status %1$d %2$s. A redirection, a security plugin, a cache or a password may stand before it.', 'gatepost' ), $status, $code );
		return array( 'critical', __( 'The gateway does not reach the plugin', 'gatepost' ), $words );
	}
}
