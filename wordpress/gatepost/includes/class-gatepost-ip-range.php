<?php
/**
 * Addresses and ranges.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * CIDR ranges, IPv4 and IPv6. Pure functions.
 */
final class Gatepost_Ip_Range {

	/**
	 * Whether the text is an address or a range.
	 *
	 * @param string $range Such as 192.0.2.0/24, 2001:db8::/32 or 192.0.2.1.
	 */
	public static function is_valid( string $range ): bool {
		return null !== self::parse( $range );
	}

	/**
	 * Whether the range holds the address.
	 *
	 * @param string $range   Address or range.
	 * @param string $address Address.
	 */
	public static function contains( string $range, string $address ): bool {
		$parsed = self::parse( $range );
		$bytes  = self::bytes( $address );
		if ( null === $parsed || null === $bytes || strlen( $parsed[0] ) !== strlen( $bytes ) ) {
			return false;
		}
		return self::masked( $parsed[0], $parsed[1] ) === self::masked( $bytes, $parsed[1] );
	}

	/**
	 * An address's bytes; an IPv4 one written as IPv6 (::ffff:192.0.2.1) is an IPv4 one.
	 *
	 * @param string $address Address.
	 */
	public static function bytes( string $address ): ?string {
		$bytes = false === filter_var( $address, FILTER_VALIDATE_IP ) ? false : inet_pton( $address );
		if ( false === $bytes ) {
			return null;
		}
		$mapped = str_repeat( "\0", 10 ) . "\xff\xff";
		return 16 === strlen( $bytes ) && 0 === strncmp( $bytes, $mapped, 12 ) ? substr( $bytes, 12 ) : $bytes;
	}

	/**
	 * The first bits of an address, the others 0.
	 *
	 * @param string $bytes Address.
	 * @param int    $bits  How many are kept.
	 */
	public static function masked( string $bytes, int $bits ): string {
		$whole = intdiv( $bits, 8 );
		$kept  = substr( $bytes, 0, $whole );
		if ( 0 !== $bits % 8 ) {
			$kept .= chr( ord( $bytes[ $whole ] ) & ( 0xff << ( 8 - $bits % 8 ) ) & 0xff );
		}
		return str_pad( $kept, strlen( $bytes ), "\0" );
	}

	/**
	 * Bytes and prefix length.
	 *
	 * @param string $range Address or range.
	 * @return array{0:string,1:int}|null
	 */
	private static function parse( string $range ): ?array {
		$parts = explode( '/', $range );
		$bytes = self::bytes( $parts[0] );
		if ( null === $bytes || count( $parts ) > 2 ) {
			return null;
		}
		$most = 8 * strlen( $bytes );
		if ( 1 === count( $parts ) ) {
			return array( $bytes, $most );
		}
		if ( 1 !== preg_match( '/^[0-9]{1,3}$/', $parts[1] ) || (int) $parts[1] > $most ) {
			return null;
		}
		return array( $bytes, (int) $parts[1] );
	}
}
