<?php
/**
 * Tokens for tests.
 *
 * @package Gatepost
 */

/**
 * Makes JSON Web Tokens as the gateway would, and wrong ones.
 */
final class Gatepost_Test_Token {

	public static function encode( string $bytes ): string {
		return rtrim( strtr( base64_encode( $bytes ), '+/', '-_' ), '=' );
	}

	/**
	 * Signed by HS256; a claim or header that is null is left out.
	 */
	public static function hs256( array $header, array $claims, string $secret ): string {
		$signed = self::signed( $header + array( 'alg' => 'HS256', 'typ' => 'JWT' ), $claims );
		return $signed . '.' . self::encode( hash_hmac( 'sha256', $signed, $secret, true ) );
	}

	public static function eddsa( array $header, array $claims, string $secret_key ): string {
		$signed = self::signed( $header + array( 'alg' => 'EdDSA', 'typ' => 'JWT' ), $claims );
		return $signed . '.' . self::encode( sodium_crypto_sign_detached( $signed, $secret_key ) );
	}

	private static function signed( array $header, array $claims ): string {
		$kept = static fn( $value ) => null !== $value;
		return self::encode( json_encode( (object) array_filter( $header, $kept ) ) ) . '.' . self::encode( json_encode( (object) array_filter( $claims, $kept ) ) );
	}
}
