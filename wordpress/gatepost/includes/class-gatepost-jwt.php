<?php
/**
 * JSON Web Tokens.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Verifies short-lived tokens that the gateway signs with the shared secret (HS256). Pure functions.
 *
 * Wanted: `exp` (at most an hour ahead), `scope` holding "gatepost:push", and `aud` being this site's address.
 */
final class Gatepost_Jwt {

	private const LONGEST = 3600;
	private const LEEWAY  = 60;

	/**
	 * Whether a token is good now.
	 *
	 * @param string   $token    Three parts.
	 * @param string[] $secrets  The active ones.
	 * @param string   $audience This site's address.
	 * @param int      $now      Seconds since 1970.
	 */
	public static function is_valid( string $token, array $secrets, string $audience, int $now ): bool {
		$parts = explode( '.', $token );
		if ( 3 !== count( $parts ) ) {
			return false;
		}
		// Exactly HS256: "none" and everything else is refused before a key is touched.
		$header = self::decode( $parts[0] );
		if ( 'HS256' !== ( $header['alg'] ?? null ) ) {
			return false;
		}
		if ( ! Gatepost_Signature::is_valid( bin2hex( self::bytes( $parts[2] ) ), $parts[0] . '.' . $parts[1], $secrets ) ) {
			return false;
		}
		$claims = self::decode( $parts[1] );
		$expiry = $claims['exp'] ?? null;
		$scope  = $claims['scope'] ?? '';
		$meant  = $claims['aud'] ?? '';
		$after  = $claims['nbf'] ?? 0;
		return is_int( $expiry ) && $expiry > $now - self::LEEWAY && $expiry <= $now + self::LONGEST + self::LEEWAY
			&& is_int( $after ) && $after <= $now + self::LEEWAY
			&& is_string( $scope ) && in_array( 'gatepost:push', explode( ' ', $scope ), true )
			&& is_string( $meant ) && rtrim( $meant, '/' ) === rtrim( $audience, '/' );
	}

	/**
	 * A part's JSON.
	 *
	 * @param string $part Base64url.
	 */
	private static function decode( string $part ): array {
		$value = json_decode( self::bytes( $part ), true );
		return is_array( $value ) ? $value : array();
	}

	/**
	 * A part's bytes.
	 *
	 * @param string $part Base64url.
	 */
	private static function bytes( string $part ): string {
		// phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions
		return (string) base64_decode( strtr( $part, '-_', '+/' ), true );
	}
}
