<?php
/**
 * What needs no WordPress.
 *
 * @package Gatepost
 */

use PHPUnit\Framework\TestCase;

/**
 * Addresses, moments, signatures, tokens, schema files.
 */
final class PureTest extends TestCase {

	public function ranges(): array {
		return array(
			'same address'            => array( '192.0.2.1', '192.0.2.1', true ),
			'another address'         => array( '192.0.2.1', '192.0.2.2', false ),
			'first of a range'        => array( '192.0.2.0/24', '192.0.2.0', true ),
			'last of a range'         => array( '192.0.2.0/24', '192.0.2.255', true ),
			'one past a range'        => array( '192.0.2.0/24', '192.0.3.0', false ),
			'bits within a byte'      => array( '192.0.2.128/25', '192.0.2.127', false ),
			'bits within a byte, in'  => array( '192.0.2.128/25', '192.0.2.129', true ),
			'range not on its border' => array( '192.0.2.77/24', '192.0.2.1', true ),
			'everything'              => array( '0.0.0.0/0', '203.0.113.9', true ),
			'v4 is not in v6'         => array( '::/0', '203.0.113.9', false ),
			'v6'                      => array( '2001:db8::/32', '2001:db8:ffff::1', true ),
			'v6 outside'              => array( '2001:db8::/32', '2001:db9::1', false ),
			'v4 written as v6'        => array( '192.0.2.0/24', '::ffff:192.0.2.7', true ),
			'not a range'             => array( 'hello', '192.0.2.1', false ),
			'too many bits'           => array( '192.0.2.0/33', '192.0.2.1', false ),
			'not an address'          => array( '0.0.0.0/0', 'x', false ),
		);
	}

	/**
	 * @dataProvider ranges
	 */
	public function test_range( string $range, string $address, bool $contains ): void {
		self::assertSame( $contains, Gatepost_Ip_Range::contains( $range, $address ) );
	}

	public function moments(): array {
		return array(
			'milliseconds'        => array( 1795456800123, 1795456800123 ),
			'zero'                => array( 0, 0 ),
			'negative'            => array( -1, null ),
			'UTC'                 => array( '2026-11-23T18:00:00.123Z', 1795456800123 ),
			'no fraction'         => array( '2026-11-23T18:00:00Z', 1795456800000 ),
			'microseconds'        => array( '2026-11-23T18:00:00.123999Z', 1795456800123 ),
			'one digit'           => array( '2026-11-23T18:00:00.1Z', 1795456800100 ),
			'east'                => array( '2026-11-23T19:30:00+01:30', 1795456800000 ),
			'west'                => array( '2026-11-23T10:00:00-08:00', 1795456800000 ),
			'lower case'          => array( '2026-11-23t18:00:00z', 1795456800000 ),
			'leap second'         => array( '2016-12-31T23:59:60Z', 1483228800000 ),
			'no zone'             => array( '2026-11-23T18:00:00', null ),
			'no such day'         => array( '2026-02-29T18:00:00Z', null ),
			'no such hour'        => array( '2026-11-23T24:00:00Z', null ),
			'words'               => array( 'tomorrow', null ),
			'number in a string'  => array( '1795456800123', null ),
			'empty'               => array( '', null ),
			'nothing'             => array( null, null ),
			'float'               => array( 1.5, null ),
			'something behind it' => array( "2026-11-23T18:00:00Z\nx", null ),
		);
	}

	/**
	 * @dataProvider moments
	 */
	public function test_moment( $value, ?int $expected ): void {
		self::assertSame( $expected, Gatepost_Time::parse( $value ) );
	}

	public function signatures(): array {
		$right = hash_hmac( 'sha256', 'body', 'new' );
		return array(
			'right'               => array( $right, 'body', array( 'new' ), true ),
			'by the older secret' => array( hash_hmac( 'sha256', 'body', 'old' ), 'body', array( 'new', 'old' ), true ),
			'another body'        => array( $right, 'Body', array( 'new' ), false ),
			'another secret'      => array( $right, 'body', array( 'other' ), false ),
			'capital letters'     => array( strtoupper( $right ), 'body', array( 'new' ), false ),
			'empty signature'     => array( '', 'body', array( 'new' ), false ),
			'empty secret'        => array( hash_hmac( 'sha256', 'body', '' ), 'body', array( '' ), false ),
			'no secret'           => array( $right, 'body', array(), false ),
		);
	}

	/**
	 * @dataProvider signatures
	 */
	public function test_signature( string $signature, string $bytes, array $secrets, bool $valid ): void {
		self::assertSame( $valid, Gatepost_Signature::is_valid( $signature, $bytes, $secrets ) );
	}

	public function test_signature_of_a_known_answer(): void {
		// RFC 4231, test case 2.
		self::assertTrue( Gatepost_Signature::is_valid( '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843', 'what do ya want for nothing?', array( 'Jefe' ) ) );
	}

	public function timestamps(): array {
		return array(
			array( '1000', true ),
			array( '700', true ),
			array( '699', false ),
			array( '1300', true ),
			array( '1301', false ),
			array( '', false ),
			array( '1000.0', false ),
			array( '-1', false ),
		);
	}

	/**
	 * @dataProvider timestamps
	 */
	public function test_timely( string $timestamp, bool $timely ): void {
		self::assertSame( $timely, Gatepost_Signature::is_timely( $timestamp, 1000 ) );
	}

	public function configs(): array {
		return array(
			'one secret'        => array( array( 'a' ), array( array( 'abed2c3c', 'a', 'current' ) ) ),
			'two'               => array( array( 'a', 'b' ), array( array( 'abed2c3c', 'a', 'current' ), array( '4a50dddc', 'b', 'next' ) ) ),
			'by kid'            => array( array( 'x' => 'a', 'y' => 'b' ), array( array( 'x', 'a', 'current' ), array( 'y', 'b', 'next' ) ) ),
			'a year for a kid'  => array( array( '2026' => 'a', '2027' => 'b' ), array( array( '2026', 'a', 'current' ), array( '2027', 'b', 'next' ) ) ),
			'a third one'       => array( array( 'x' => 'a', 'y' => 'b', 'z' => 'c' ), array( array( 'x', 'a', 'current' ), array( 'y', 'b', 'next' ) ) ),
			'an empty one'      => array( array( 'x' => '', 'y' => 'b' ), array( array( 'y', 'b', 'current' ) ) ),
			'none'              => array( array(), array() ),
		);
	}

	/**
	 * @dataProvider configs
	 */
	public function test_secrets_in_wp_config( array $constant, array $expected ): void {
		$found = array_map( static fn( $entry ) => array( $entry['kid'], $entry['secret'], $entry['slot'] ), Gatepost_Secrets::from_config( $constant ) );
		self::assertSame( $expected, $found );
	}

	public function test_schema_files(): void {
		$files = glob( dirname( __DIR__, 2 ) . '/gatepost/schemas/*.json' );
		self::assertCount( 5, $files );
		foreach ( $files as $file ) {
			$schema = Gatepost_Schemas::get( basename( $file, '.json' ) );
			self::assertSame( 'object', $schema['type'], $file );
			self::assertNotEmpty( $schema['required'], $file );
			foreach ( $schema['required'] as $field ) {
				self::assertArrayHasKey( $field, $schema['properties'], $file );
			}
		}
	}

	public function test_files_stay_short(): void {
		foreach ( glob( dirname( __DIR__, 2 ) . '/gatepost/includes/class-*.php' ) as $file ) {
			$lines = count( file( $file ) );
			self::assertLessThanOrEqual( 260, $lines, basename( $file ) . ' has grown too long to read' );
		}
	}
}
