<?php
/**
 * What of an event is new.
 *
 * @package Gatepost
 */

use PHPUnit\Framework\TestCase;

if ( ! function_exists( 'wp_json_encode' ) ) {
	// WordPress's own, for a test without it.
	function wp_json_encode( $value ) {
		return json_encode( $value );
	}
}

/**
 * Field by field.
 */
final class FreshnessTest extends TestCase {

	private static function of( int $at, array $fields, int $newest, ?string $stored, bool $deletion = false ): Gatepost_Freshness {
		$item              = new Gatepost_Item();
		$item->occurred_at = $at;
		return new Gatepost_Freshness( $item, $fields, $deletion, $newest, $stored );
	}

	/**
	 * Time of the event, its fields, the newest event, the stored times, whether it is a deletion; then which fields are new,
	 * and whether the event is stale.
	 */
	public function events(): array {
		return array(
			'the first event'                  => array( 5, array( 'data.a' ), 0, '{}', false, array( 'data.a' ), false ),
			'newer'                            => array( 7, array( 'data.a' ), 5, '{"data.a":5}', false, array( 'data.a' ), false ),
			'equal'                            => array( 5, array( 'data.a' ), 5, '{"data.a":5}', false, array( 'data.a' ), false ),
			'older, the same field'            => array( 4, array( 'data.a' ), 5, '{"data.a":5}', false, array(), true ),
			'older, another field'             => array( 4, array( 'data.b' ), 5, '{"data.a":5}', false, array( 'data.b' ), false ),
			'older, one of two fields is new'  => array( 4, array( 'data.a', 'data.b' ), 5, '{"data.a":5,"data.b":3}', false, array( 'data.b' ), false ),
			'older, without fields'            => array( 4, array(), 5, '{"data.a":5}', false, array(), true ),
			'newer, without fields'            => array( 6, array(), 5, '{}', false, array(), false ),
			'a row from before'                => array( 4, array( 'data.b' ), 5, null, false, array(), true ),
			'a row from before, newer'         => array( 6, array( 'data.b' ), 5, null, false, array( 'data.b' ), false ),
			'after a deletion'                 => array( 6, array( 'data.b' ), 5, '{"*":5}', false, array( 'data.b' ), false ),
			'before a deletion'                => array( 4, array( 'data.b' ), 5, '{"*":5}', false, array(), true ),
			'an older deletion brings nothing' => array( 4, array( 'data.b' ), 5, '{}', true, array( 'data.b' ), true ),
			'broken times'                     => array( 5, array( 'data.a' ), 5, 'x', false, array( 'data.a' ), false ),
		);
	}

	/**
	 * @dataProvider events
	 */
	public function test_event( int $at, array $fields, int $newest, ?string $stored, bool $deletion, array $fresh, bool $stale ): void {
		$found = self::of( $at, $fields, $newest, $stored, $deletion );
		self::assertSame( $fresh, array_values( array_filter( array( 'data.a', 'data.b' ), array( $found, 'has' ) ) ) );
		self::assertSame( $stale, $found->is_stale() );
	}

	public function test_what_is_stored(): void {
		self::assertSame( '{"data.a":5,"data.b":4}', self::of( 4, array( 'data.a', 'data.b' ), 5, '{"data.a":5,"data.gone":9}' )->stored( array( 'data.a', 'data.b' ) ) );
		self::assertSame( '{"*":5,"data.b":6}', self::of( 6, array( 'data.b' ), 5, null )->stored( array( 'data.b' ) ) );
		self::assertSame( '{"*":6}', self::of( 6, array( 'data.a' ), 5, '{"data.a":5}', true )->stored( array( 'data.a' ) ) );
		self::assertSame( '{}', self::of( 6, array(), 5, '{}' )->stored( array() ) );
	}
}
