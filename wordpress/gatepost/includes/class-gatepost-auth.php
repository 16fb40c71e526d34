<?php
/**
 * Who may ask.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * The permission callback: Application Password, bearer token, body signature.
 *
 * Every method that a request brings is checked, and a wrong one refuses, whatever else is right. WordPress calls a
 * permission callback twice a request, so nothing here has a side effect.
 */
final class Gatepost_Auth {

	/**
	 * The permission callback of every route.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return true|WP_Error
	 */
	public static function permit( WP_REST_Request $request ) {
		try {
			self::check_address( Gatepost_Client::address() );
			$valid = array_merge( self::check_authorization( basename( strtolower( $request->get_route() ) ) ), self::check_signature( $request ) );
			self::check_required( $valid, Gatepost_Settings::get( 'require' ) );
			return true;
		} catch ( Gatepost_Refusal $refusal ) {
			return $refusal->to_wp_error();
		}
	}

	/**
	 * Whether the request proves by a signature, its own or its token's, that it comes from the gateway. Bounded work: some
	 * HMACs over a body of bounded size, no password.
	 *
	 * @param WP_REST_Request $request The request.
	 */
	public static function is_signed( WP_REST_Request $request ): bool {
		if ( strlen( (string) $request->get_body() ) > Gatepost_Rest::LARGEST_BODY ) {
			return false;
		}
		try {
			self::check_address( Gatepost_Client::address() );
			$signed = self::check_signature( $request );
			return array() !== $signed || ( 'bearer' === Gatepost_Client::scheme() && Gatepost_Token::is_signed( Gatepost_Client::credentials() ) );
		} catch ( Gatepost_Refusal $refusal ) {
			return false;
		}
	}

	/**
	 * Gives our name to WordPress's own refusal of an Application Password on our routes, which comes before permit() when
	 * something else has asked for the current user before.
	 *
	 * @param WP_Error|true|null $result What has been found so far.
	 * @return WP_Error|true|null
	 */
	public static function name_core_error( $result ) {
		if ( ! is_wp_error( $result ) || ! Gatepost_Client::asks_us() || 'basic' !== Gatepost_Client::scheme() ) {
			return $result;
		}
		Gatepost_Rate_Limit::count_failure( 401 );
		return self::wrong_password( (string) $result->get_error_code() )->to_wp_error();
	}

	/**
	 * The allowlist.
	 *
	 * @param string $address The client's.
	 * @throws Gatepost_Refusal When it is not on the list.
	 */
	private static function check_address( string $address ): void {
		$ranges = Gatepost_Settings::get( 'ip_allowlist' );
		foreach ( $ranges as $range ) {
			if ( Gatepost_Ip_Range::contains( $range, $address ) ) {
				return;
			}
		}
		if ( array() !== $ranges ) {
			throw new Gatepost_Refusal( 'gatepost_ip_not_allowed', __( 'This address is not on the allowlist of the Gatepost plugin.', 'gatepost' ), 403 );
		}
	}

	/**
	 * The Authorization header.
	 *
	 * @param string $route The route asked for.
	 * @return string[] The method that is valid, if any.
	 * @throws Gatepost_Refusal When it is wrong.
	 */
	private static function check_authorization( string $route ): array {
		switch ( Gatepost_Client::scheme() ) {
			case '':
				return array();
			case 'basic':
				return array( self::check_app_password() );
			case 'bearer':
				Gatepost_Token::check( Gatepost_Client::credentials(), $route );
				return array( 'token' );
			default:
				throw new Gatepost_Refusal( 'gatepost_scheme_unknown', __( 'The Authorization header has neither Basic nor Bearer.', 'gatepost' ), 401 );
		}
	}

	/**
	 * WordPress has checked the Application Password already; this asks what it found.
	 *
	 * @throws Gatepost_Refusal When it is wrong.
	 */
	private static function check_app_password(): string {
		if ( 0 === get_current_user_id() || null === rest_get_authenticated_app_password() ) {
			throw self::wrong_password( '' );
		}
		if ( ! Gatepost_Role::may_push() ) {
			throw new Gatepost_Refusal( 'gatepost_not_allowed', __( 'This user may not push events: give it the role "Gatepost gateway".', 'gatepost' ), 403 );
		}
		return 'app_password';
	}

	/**
	 * The refusal for a user and password that did not authenticate.
	 *
	 * @param string $reason WordPress's code.
	 */
	private static function wrong_password( string $reason ): Gatepost_Refusal {
		if ( 'application_passwords_disabled' === $reason || 'application_passwords_disabled_for_user' === $reason || ! wp_is_application_passwords_available() ) {
			return new Gatepost_Refusal( 'gatepost_app_passwords_unavailable', __( 'Application Passwords are unavailable on this site: they need HTTPS, and security plugins may switch them off.', 'gatepost' ), 401 );
		}
		return new Gatepost_Refusal( 'gatepost_app_password_wrong', __( 'User or Application Password is wrong.', 'gatepost' ), 401 );
	}

	/**
	 * The signature.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return string[] The method when it is valid, nothing when there is no signature.
	 * @throws Gatepost_Refusal When it is wrong.
	 */
	private static function check_signature( WP_REST_Request $request ): array {
		$signature = $request->get_header( 'x_signature' );
		if ( null === $signature ) {
			return array();
		}
		$secrets = Gatepost_Secrets::values();
		if ( array() === $secrets ) {
			throw new Gatepost_Refusal( 'gatepost_signature_not_configured', __( 'The request is signed, but the Gatepost plugin has no shared secret to check it with.', 'gatepost' ), 401 );
		}
		$bytes = (string) $request->get_body();
		if ( 'GET' === $request->get_method() ) {
			$timestamp = (string) $request->get_header( 'x_gatepost_timestamp' );
			if ( ! Gatepost_Signature::is_timely( $timestamp, time() ) ) {
				throw new Gatepost_Refusal( 'gatepost_timestamp_wrong', __( 'X-Gatepost-Timestamp is missing or more than 300 seconds off.', 'gatepost' ), 401 );
			}
			$bytes = Gatepost_Signature::status_bytes( $timestamp );
		}
		if ( ! Gatepost_Signature::is_valid( $signature, $bytes, $secrets ) ) {
			throw new Gatepost_Refusal( 'gatepost_signature_wrong', __( 'X-Signature does not match the body: secrets differ, or something on the way changed it.', 'gatepost' ), 401 );
		}
		return array( 'hmac' );
	}

	/**
	 * Whether what is valid is enough.
	 *
	 * @param string[] $valid  Methods.
	 * @param string   $wanted The setting `require`.
	 * @throws Gatepost_Refusal When it is not.
	 */
	private static function check_required( array $valid, string $wanted ): void {
		if ( array() === $valid ) {
			$message = '' === Gatepost_Client::authorization()
				? __( 'No authentication: neither an Authorization header nor X-Signature arrived. If the gateway sent one, the web server may have stripped it.', 'gatepost' )
				: __( 'No authentication.', 'gatepost' );
			throw new Gatepost_Refusal( 'gatepost_no_auth', $message, 401 );
		}
		$enough = array(
			'any'  => true,
			'both' => 2 === count( $valid ),
		);
		if ( ! ( $enough[ $wanted ] ?? in_array( $wanted, $valid, true ) ) ) {
			/* translators: %s: the method that the settings require. */
			throw new Gatepost_Refusal( 'gatepost_auth_insufficient', sprintf( __( 'The settings of the Gatepost plugin require another authentication: %s.', 'gatepost' ), $wanted ), 401 );
		}
	}
}
