<?php
/**
 * Signatures.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * X-Signature: lower-case hex HMAC-SHA256. Pure functions.
 */
final class Gatepost_Signature {

	/**
	 * How far a status request's clock may be off, in seconds.
	 */
	public const TOLERANCE = 300;

	/**
	 * Whether the signature is one of the secrets' over these bytes.
	 *
	 * @param string   $signature As sent.
	 * @param string   $bytes     What was signed.
	 * @param string[] $secrets   The active ones.
	 */
	public static function is_valid( string $signature, string $bytes, array $secrets ): bool {
		$valid = false;
		foreach ( $secrets as $secret ) {
			// An empty secret signs nothing. All are tried, so that time does not tell which one matched.
			$valid = ( '' !== $secret && hash_equals( hash_hmac( 'sha256', $bytes, $secret ), $signature ) ) || $valid;
		}
		return $valid;
	}

	/**
	 * What a status request, which has no body, signs.
	 *
	 * @param string $timestamp X-Gatepost-Timestamp, seconds since 1970.
	 */
	public static function status_bytes( string $timestamp ): string {
		return "GET /ai-guy/v1/status\n" . $timestamp;
	}

	/**
	 * Whether a timestamp is near enough.
	 *
	 * @param string $timestamp Seconds since 1970.
	 * @param int    $now       Seconds since 1970.
	 */
	public static function is_timely( string $timestamp, int $now ): bool {
		return 1 === preg_match( '/^[0-9]{1,12}$/', $timestamp ) && abs( $now - (int) $timestamp ) <= self::TOLERANCE;
	}
}
