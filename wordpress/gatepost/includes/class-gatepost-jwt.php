<?php
/**
 * JSON Web Tokens.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Verifies the short-lived tokens that the gateway signs (RFC 7519). Pure functions.
 *
 * The algorithm belongs to the key, never to the token: HS256 to a shared secret, EdDSA (Ed25519) to a public key. A token
 * that names another than its key's is refused before anything is computed.
 *
 * Wanted: `iss` "gatepost", `aud` this site's address, `iat` and `exp` at most five minutes apart, `jti`, and `scope`.
 */
final class Gatepost_Jwt {

	/**
	 * How long a token may last, and how far the two clocks may be apart, in seconds.
	 */
	public const LONGEST = 300;
	public const LEEWAY  = 60;

	private const MOST_BYTES = 4096;

	/**
	 * Checks a token.
	 *
	 * @param string   $token     Three parts.
	 * @param array[]  $keys      Each with kid, alg and key (the secret, or the public key's 32 bytes).
	 * @param string[] $audiences This site's addresses.
	 * @param int      $now       Seconds since 1970.
	 * @return array{problem:string,scopes:string[]} The problem is empty, or wrong, issuer, audience, lifetime, expired, early, id.
	 */
	public static function check( string $token, array $keys, array $audiences, int $now ): array {
		$parts = explode( '.', $token );
		if ( 3 !== count( $parts ) || strlen( $token ) > self::MOST_BYTES || ! self::is_signed( $parts, $keys ) ) {
			return self::verdict( 'wrong' );
		}
		$claims  = self::decode( $parts[1] );
		$problem = self::claims_problem( $claims, $audiences, $now );
		$scope   = $claims['scope'] ?? '';
		return self::verdict( $problem, is_string( $scope ) ? array_values( array_filter( explode( ' ', $scope ), 'strlen' ) ) : array() );
	}

	/**
	 * Whether one of the keys that the header may mean has signed.
	 *
	 * @param string[] $parts Three.
	 * @param array[]  $keys  As check() has them.
	 */
	private static function is_signed( array $parts, array $keys ): bool {
		$header = self::decode( $parts[0] );
		$kid    = $header['kid'] ?? null;
		// What a critical header wants we do not know.
		if ( isset( $header['crit'] ) || ! is_string( $header['alg'] ?? null ) || ( null !== $kid && ! is_string( $kid ) ) ) {
			return false;
		}
		if ( isset( $header['typ'] ) && ( ! is_string( $header['typ'] ) || 'JWT' !== strtoupper( $header['typ'] ) ) ) {
			return false;
		}
		$signature = self::bytes( $parts[2] );
		$signed    = false;
		foreach ( $keys as $key ) {
			if ( ( null === $kid || $kid === $key['kid'] ) && $header['alg'] === $key['alg'] ) {
				$signed = self::verifies( $key, $parts[0] . '.' . $parts[1], $signature ) || $signed;
			}
		}
		return $signed;
	}

	/**
	 * Whether this key has signed.
	 *
	 * @param array  $key       One.
	 * @param string $bytes     What was signed.
	 * @param string $signature Its bytes.
	 */
	private static function verifies( array $key, string $bytes, string $signature ): bool {
		if ( 'EdDSA' === $key['alg'] ) {
			return 64 === strlen( $signature ) && 32 === strlen( $key['key'] ) && function_exists( 'sodium_crypto_sign_verify_detached' )
				&& sodium_crypto_sign_verify_detached( $signature, $bytes, $key['key'] );
		}
		return 'HS256' === $key['alg'] && Gatepost_Signature::is_valid( bin2hex( $signature ), $bytes, array( $key['key'] ) );
	}

	/**
	 * What is wrong with the claims; empty when nothing is.
	 *
	 * @param array    $claims    As signed.
	 * @param string[] $audiences This site's addresses.
	 * @param int      $now       Seconds since 1970.
	 */
	private static function claims_problem( array $claims, array $audiences, int $now ): string {
		$issued = $claims['iat'] ?? null;
		$expiry = $claims['exp'] ?? null;
		$after  = $claims['nbf'] ?? $issued;
		$id     = $claims['jti'] ?? '';
		$meant  = array_map( array( self::class, 'address' ), array_filter( (array) ( $claims['aud'] ?? array() ), 'is_string' ) );
		$ours   = array_map( array( self::class, 'address' ), $audiences );
		$checks = array(
			'issuer'   => 'gatepost' === ( $claims['iss'] ?? null ),
			'audience' => array() !== array_intersect( $meant, $ours ),
			'lifetime' => is_int( $issued ) && is_int( $expiry ) && $expiry > $issued && $expiry - $issued <= self::LONGEST,
			'expired'  => $expiry > $now - self::LEEWAY,
			'early'    => is_int( $after ) && max( $issued, $after ) <= $now + self::LEEWAY,
			'id'       => is_string( $id ) && '' !== $id && strlen( $id ) <= 191,
		);
		return (string) array_search( false, $checks, true );
	}

	/**
	 * An address as it is compared: a slash at its end says nothing, nor does the case of scheme and host.
	 *
	 * @param string $address A site's.
	 */
	private static function address( string $address ): string {
		$address = rtrim( trim( $address ), '/' );
		return (string) preg_replace_callback( '~^[a-z]+://[^/]*~i', static fn( $found ) => strtolower( $found[0] ), $address );
	}

	/**
	 * Makes a verdict.
	 *
	 * @param string   $problem A word, or empty.
	 * @param string[] $scopes  What the token may be used for; nothing when there is a problem.
	 */
	private static function verdict( string $problem, array $scopes = array() ): array {
		return array(
			'problem' => $problem,
			'scopes'  => '' === $problem ? $scopes : array(),
		);
	}

	/**
	 * A part's JSON.
	 *
	 * @param string $part Base64url.
	 */
	private static function decode( string $part ): array {
		$value = json_decode( self::bytes( $part ), true, 8 );
		return is_array( $value ) ? $value : array();
	}

	/**
	 * A part's bytes; empty where it is no base64url.
	 *
	 * @param string $part Base64url.
	 */
	private static function bytes( string $part ): string {
		// phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions
		return 1 === preg_match( '/^[A-Za-z0-9_-]+\z/', $part ) ? (string) base64_decode( strtr( $part, '-_', '+/' ), true ) : '';
	}
}
