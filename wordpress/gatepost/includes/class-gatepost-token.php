<?php
/**
 * What a bearer token may do.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * The token of the settings, which may do everything, or a JSON Web Token, which may do what its scope says.
 */
final class Gatepost_Token {

	/**
	 * Checks what stands behind "Bearer".
	 *
	 * @param string $token As sent.
	 * @param string $route The route asked for: user-sync, order-event, batch, privacy or status.
	 * @throws Gatepost_Refusal When it is wrong, or not for this route.
	 */
	public static function check( string $token, string $route ): void {
		if ( self::is_fixed( $token ) ) {
			return;
		}
		$verdict = Gatepost_Jwt::check( $token, self::keys(), self::audiences(), time() );
		if ( '' !== $verdict['problem'] ) {
			throw self::refusal( $verdict['problem'] );
		}
		$wanted = 'status' === $route ? Gatepost_Rest::SCOPES : array( $route );
		if ( array() === array_intersect( $wanted, $verdict['scopes'] ) ) {
			/* translators: %s: the scope that is missing. */
			throw new Gatepost_Refusal( 'gatepost_scope_missing', sprintf( __( 'The token is good, but not for this route: its scope lacks %s.', 'gatepost' ), implode( ' | ', $wanted ) ), 403 );
		}
	}

	/**
	 * Whether it is a JSON Web Token that is good for something, whatever the route.
	 *
	 * @param string $token As sent.
	 */
	public static function is_signed( string $token ): bool {
		return '' === Gatepost_Jwt::check( $token, self::keys(), self::audiences(), time() )['problem'];
	}

	/**
	 * The keys: the shared secrets, and the public keys of the settings.
	 *
	 * @return array[] As Gatepost_Jwt has them.
	 */
	public static function keys(): array {
		$keys = array();
		foreach ( Gatepost_Secrets::all() as $entry ) {
			$keys[] = array(
				'kid' => $entry['kid'],
				'alg' => 'HS256',
				'key' => $entry['secret'],
			);
		}
		foreach ( Gatepost_Settings::get( 'public_keys' ) as $line ) {
			$key = self::public_key( $line );
			if ( null !== $key ) {
				$keys[] = $key;
			}
		}
		return $keys;
	}

	/**
	 * A public key from its line in the settings: "KID BASE64"; null when it is none.
	 *
	 * @param string $line The line.
	 */
	public static function public_key( string $line ): ?array {
		$parts = explode( ' ', $line );
		// phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions
		$bytes = 2 === count( $parts ) ? (string) base64_decode( strtr( $parts[1], '-_', '+/' ), true ) : '';
		if ( 32 !== strlen( $bytes ) || ! Gatepost_Secrets::is_kid( $parts[0] ) ) {
			return null;
		}
		return array(
			'kid' => $parts[0],
			'alg' => 'EdDSA',
			'key' => $bytes,
		);
	}

	/**
	 * Whether it is the token of the settings.
	 *
	 * @param string $token As sent.
	 */
	private static function is_fixed( string $token ): bool {
		$expected = Gatepost_Settings::token_sha256();
		return '' !== $expected && hash_equals( $expected, hash( 'sha256', $token ) );
	}

	/**
	 * The addresses of this site.
	 *
	 * @return string[]
	 */
	private static function audiences(): array {
		return array( home_url(), site_url() );
	}

	/**
	 * Why a token is refused. What is more than "wrong" is told to nobody but the holder of a key.
	 *
	 * @param string $problem Gatepost_Jwt's word.
	 */
	private static function refusal( string $problem ): Gatepost_Refusal {
		$words = array(
			'issuer'   => __( 'The token\'s "iss" is not "gatepost".', 'gatepost' ),
			/* translators: %s: the site's address. */
			'audience' => sprintf( __( 'The token\'s "aud" is not this site: %s.', 'gatepost' ), home_url() ),
			'lifetime' => __( 'The token lacks "iat" or "exp", or lasts for more than five minutes.', 'gatepost' ),
			'expired'  => __( 'The token has expired: make new ones, and look at both clocks.', 'gatepost' ),
			'early'    => __( 'The token is from the future: look at both clocks.', 'gatepost' ),
			'id'       => __( 'The token has no "jti".', 'gatepost' ),
		);
		$code  = in_array( $problem, array( 'expired', 'early' ), true ) ? 'gatepost_token_expired' : 'gatepost_token_wrong';
		return new Gatepost_Refusal( $code, $words[ $problem ] ?? __( 'The bearer token is wrong: no key of this site made it.', 'gatepost' ), 401 );
	}
}
