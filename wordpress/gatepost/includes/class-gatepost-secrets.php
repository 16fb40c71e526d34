<?php
/**
 * The shared secrets.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * The secret that the gateway signs with now, and the one it will sign with next. Both are accepted, so that neither side
 * has to change at the same moment as the other.
 *
 * Each has a key id (kid), by which a JSON Web Token names it. Where nobody chose one it comes from the secret itself.
 * wp-config.php wins over the settings: GATEPOST_HMAC_SECRET, one secret or an array of two, by kid if it likes.
 */
final class Gatepost_Secrets {

	public const SLOTS    = array( 'current', 'next' );
	public const SHORTEST = 16;
	public const LONGEST  = 1024;

	/**
	 * The active secrets in clear.
	 *
	 * @return array<int,array{kid:string,secret:string,slot:string}>
	 */
	public static function all(): array {
		return self::are_in_config() ? self::from_config( (array) GATEPOST_HMAC_SECRET ) : self::from_settings();
	}

	/**
	 * The active secrets in clear, without their names.
	 *
	 * @return string[]
	 */
	public static function values(): array {
		return array_column( self::all(), 'secret' );
	}

	/**
	 * Whether wp-config.php has them, so that nobody can change them here.
	 */
	public static function are_in_config(): bool {
		return defined( 'GATEPOST_HMAC_SECRET' );
	}

	/**
	 * What may be shown of them: never the secrets.
	 *
	 * @return array<string,array{kid:string,set_at:int,readable:bool}> By slot.
	 */
	public static function described(): array {
		$shown = array();
		foreach ( self::all() as $entry ) {
			$shown[ $entry['slot'] ] = array(
				'kid'      => $entry['kid'],
				'set_at'   => 0,
				'readable' => true,
			);
		}
		if ( self::are_in_config() ) {
			return $shown;
		}
		foreach ( array_filter( Gatepost_Settings::get( 'secrets' ), 'is_array' ) as $slot => $entry ) {
			$shown[ $slot ] = array(
				'kid'      => $entry['kid'],
				'set_at'   => $entry['set_at'],
				'readable' => isset( $shown[ $slot ] ),
			);
		}
		return $shown;
	}

	/**
	 * Whether the settings hold a secret that cannot be opened any more.
	 */
	public static function are_unreadable(): bool {
		return array() !== array_filter( self::described(), static fn( $entry ) => ! $entry['readable'] );
	}

	/**
	 * What is wrong with a secret or its kid, for a person; empty when nothing is.
	 *
	 * @param string $secret In clear.
	 * @param string $kid    Chosen, or empty.
	 */
	public static function problem( string $secret, string $kid ): string {
		if ( strlen( $secret ) < self::SHORTEST || strlen( $secret ) > self::LONGEST ) {
			/* translators: 1: the least number of characters, 2: the most. */
			return sprintf( __( 'A shared secret has %1$d to %2$d characters. It was not changed.', 'gatepost' ), self::SHORTEST, self::LONGEST );
		}
		if ( 1 === preg_match( '/[\x00-\x20\x7f]/', $secret ) ) {
			return __( 'A shared secret has no spaces or line breaks in it. It was not changed.', 'gatepost' );
		}
		return '' === $kid || self::is_kid( $kid ) ? '' : __( 'A key id has 1 to 64 letters, digits, and the characters . _ -', 'gatepost' );
	}

	/**
	 * Whether a text may be a key id.
	 *
	 * @param string $kid The text.
	 */
	public static function is_kid( string $kid ): bool {
		return 1 === preg_match( '/^[A-Za-z0-9._-]{1,64}\z/', $kid );
	}

	/**
	 * The key id of a secret for which nobody chose one.
	 *
	 * @param string $secret In clear.
	 */
	public static function kid_of( string $secret ): string {
		return substr( hash( 'sha256', "gatepost kid\n" . $secret ), 0, 8 );
	}

	/**
	 * Sets one. The same secret under the same kid again changes nothing.
	 *
	 * @param string $slot   One of SLOTS.
	 * @param string $secret In clear.
	 * @param string $kid    Its key id, or empty.
	 */
	public static function set( string $slot, string $secret, string $kid = '' ): void {
		$kid = '' === $kid ? self::kid_of( $secret ) : $kid;
		foreach ( self::from_settings() as $entry ) {
			if ( $entry['slot'] === $slot && $entry['kid'] === $kid && hash_equals( $entry['secret'], $secret ) ) {
				return;
			}
		}
		Gatepost_Settings::save( array( 'secrets' => self::with( Gatepost_Settings::get( 'secrets' ), $slot, $secret, $kid ) ) );
	}

	/**
	 * The stored entries with one more.
	 *
	 * @param array  $entries As stored.
	 * @param string $slot    One of SLOTS.
	 * @param string $secret  In clear.
	 * @param string $kid     Its key id, or empty.
	 */
	public static function with( array $entries, string $slot, string $secret, string $kid ): array {
		$entries[ $slot ] = array(
			'kid'    => '' === $kid ? self::kid_of( $secret ) : $kid,
			'sealed' => Gatepost_Vault::seal( $secret ),
			'set_at' => time(),
		);
		return $entries;
	}

	/**
	 * The stored entries after rotation: the next one is the current one, and the old one is gone.
	 *
	 * @param array $entries As stored.
	 */
	public static function rotated( array $entries ): array {
		return isset( $entries['next'] ) ? array( 'current' => $entries['next'] ) : $entries;
	}

	/**
	 * The constant's. Pure.
	 *
	 * @param array $secrets Secrets, by kid unless it is a list. PHP makes a number of a kid such as "2027".
	 */
	public static function from_config( array $secrets ): array {
		$is_list = array_keys( $secrets ) === range( 0, count( $secrets ) - 1 );
		$entries = array();
		foreach ( array_slice( $secrets, 0, count( self::SLOTS ), true ) as $kid => $secret ) {
			if ( '' !== (string) $secret ) {
				$entries[] = array(
					'kid'    => $is_list ? self::kid_of( (string) $secret ) : (string) $kid,
					'secret' => (string) $secret,
					'slot'   => self::SLOTS[ count( $entries ) ],
				);
			}
		}
		return $entries;
	}

	/**
	 * The settings', without those that cannot be opened.
	 */
	private static function from_settings(): array {
		$entries = array();
		foreach ( Gatepost_Settings::get( 'secrets' ) as $slot => $entry ) {
			$secret = is_array( $entry ) ? Gatepost_Vault::open( $entry['sealed'] ) : '';
			if ( '' !== $secret ) {
				$entries[] = array(
					'kid'    => $entry['kid'],
					'secret' => $secret,
					'slot'   => $slot,
				);
			}
		}
		return $entries;
	}
}
