<?php
/**
 * Moments.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Milliseconds since 1970, UTC. Pure functions but for now().
 */
final class Gatepost_Time {

	/**
	 * Milliseconds from RFC 3339 text or a whole number of milliseconds; null when it is neither.
	 *
	 * @param mixed $value As sent.
	 */
	public static function parse( $value ): ?int {
		if ( is_int( $value ) ) {
			return $value >= 0 ? $value : null;
		}
		$pattern = '/^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)$/';
		if ( ! is_string( $value ) || 1 !== preg_match( $pattern, $value, $part ) ) {
			return null;
		}
		// 60 is a leap second.
		if ( ! checkdate( (int) $part[2], (int) $part[3], (int) $part[1] ) || $part[4] > 23 || $part[5] > 59 || $part[6] > 60 ) {
			return null;
		}
		$seconds = gmmktime( (int) $part[4], (int) $part[5], (int) $part[6], (int) $part[2], (int) $part[3], (int) $part[1] );
		if ( 'Z' !== strtoupper( $part[8] ) ) {
			$offset   = 3600 * (int) substr( $part[8], 1, 2 ) + 60 * (int) substr( $part[8], 4, 2 );
			$seconds -= '-' === $part[8][0] ? -$offset : $offset;
		}
		return 1000 * $seconds + (int) substr( str_pad( $part[7], 3, '0' ), 0, 3 );
	}

	/**
	 * Now.
	 */
	public static function now(): int {
		return (int) floor( 1000 * microtime( true ) );
	}
}
