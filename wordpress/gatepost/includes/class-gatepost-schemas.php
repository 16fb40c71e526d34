<?php
/**
 * The JSON schemas.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Loads schemas/NAME.json and has WordPress check values against them. The gateway's tests hold what it sends and reads against
 * the same files.
 */
final class Gatepost_Schemas {

	/**
	 * Schemas that have been read.
	 *
	 * @var array<string,array>
	 */
	private static array $read = array();

	/**
	 * A schema.
	 *
	 * @param string $name Its file's name without extension.
	 * @throws RuntimeException When the file is missing or broken.
	 */
	public static function get( string $name ): array {
		if ( ! isset( self::$read[ $name ] ) ) {
			// phpcs:ignore WordPress.WP.AlternativeFunctions -- a file of ours.
			$schema = json_decode( (string) file_get_contents( dirname( __DIR__ ) . "/schemas/$name.json" ), true );
			if ( ! is_array( $schema ) ) {
				throw new RuntimeException( "schemas/$name.json is missing or not JSON" );
			}
			self::$read[ $name ] = $schema;
		}
		return self::$read[ $name ];
	}

	/**
	 * Checks a value.
	 *
	 * @param string $name  The schema's.
	 * @param mixed  $value The value.
	 * @param string $what  What the value is called in the refusal.
	 * @throws Gatepost_Refusal Names the field that is not right.
	 */
	public static function check( string $name, $value, string $what ): void {
		$valid = rest_validate_value_from_schema( $value, self::get( $name ), $what );
		if ( is_wp_error( $valid ) ) {
			throw new Gatepost_Refusal( 'gatepost_invalid', wp_strip_all_tags( $valid->get_error_message() ), 400 );
		}
	}
}
