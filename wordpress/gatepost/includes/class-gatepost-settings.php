<?php
/**
 * The settings.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * One option with all settings, checked when they are written, whole when they are read.
 *
 * The shared secrets (Gatepost_Secrets) are needed in clear to verify, so they are kept sealed (Gatepost_Vault); of the
 * bearer token its SHA-256 is enough, unless wp-config.php has it as GATEPOST_TOKEN.
 */
final class Gatepost_Settings {

	public const OPTION = 'gatepost_settings';

	/**
	 * What `require` may be.
	 */
	public const REQUIRE_MODES = array( 'any', 'app_password', 'token', 'hmac', 'both' );

	/**
	 * Most names in `meta_fields`: each may have a time of its own in a person's row.
	 */
	public const MOST_META_FIELDS = 50;

	/**
	 * The settings of a fresh install.
	 */
	public static function defaults(): array {
		return array(
			'require'            => 'any',
			'secrets'            => array(),
			'token_sha256'       => '',
			'token_set_at'       => 0,
			'public_keys'        => array(),
			'create_users'       => true,
			'change_emails'      => true,
			'role'               => 'subscriber',
			'meta_fields'        => array(),
			'ip_allowlist'       => array(),
			'rate_limit'         => 600,
			'batch_items'        => 100,
			'keep_arrivals_days' => 14,
		);
	}

	/**
	 * All settings.
	 */
	public static function all(): array {
		$stored = get_option( self::OPTION );
		return array_merge( self::defaults(), is_array( $stored ) ? $stored : array() );
	}

	/**
	 * One setting.
	 *
	 * @param string $name Its name.
	 * @return mixed
	 */
	public static function get( string $name ) {
		return self::all()[ $name ];
	}

	/**
	 * Changes some settings.
	 *
	 * @param array $changes By name.
	 */
	public static function save( array $changes ): void {
		update_option( self::OPTION, self::clean( array_merge( self::all(), $changes ) ) );
	}

	/**
	 * The bearer token's SHA-256 in hex, empty when there is none.
	 */
	public static function token_sha256(): string {
		return defined( 'GATEPOST_TOKEN' ) ? hash( 'sha256', (string) GATEPOST_TOKEN ) : self::get( 'token_sha256' );
	}

	/**
	 * Sets the bearer token; an empty one takes it away.
	 *
	 * @param string $token In clear.
	 */
	public static function set_token( string $token ): void {
		$sha256 = '' === $token ? '' : hash( 'sha256', $token );
		if ( self::get( 'token_sha256' ) !== $sha256 ) {
			self::save(
				array(
					'token_sha256' => $sha256,
					'token_set_at' => time(),
				)
			);
		}
	}

	/**
	 * Gives the secrets of the first version, a list without key ids, the form of this one.
	 */
	public static function upgrade(): void {
		$old = self::get( 'secrets' );
		$new = array();
		foreach ( Gatepost_Secrets::SLOTS as $index => $slot ) {
			$secret = is_string( $old[ $index ] ?? null ) ? Gatepost_Vault::open( $old[ $index ] ) : '';
			if ( '' !== $secret ) {
				$new = Gatepost_Secrets::with( $new, $slot, $secret, '' );
			}
		}
		if ( array() !== $new ) {
			self::save( array( 'secrets' => $new ) );
		}
	}

	/**
	 * Makes any input a whole set of valid settings.
	 *
	 * @param array $input Settings by name.
	 */
	public static function clean( array $input ): array {
		$input = array_intersect_key( array_merge( self::defaults(), $input ), self::defaults() );

		$input['require']            = in_array( $input['require'], self::REQUIRE_MODES, true ) ? $input['require'] : 'any';
		$input['secrets']            = self::secret_entries( $input['secrets'] );
		$input['public_keys']        = array_slice( array_values( array_filter( (array) $input['public_keys'], static fn( $line ) => null !== Gatepost_Token::public_key( (string) $line ) ) ), 0, 2 );
		$input['create_users']       = (bool) $input['create_users'];
		$input['change_emails']      = (bool) $input['change_emails'];
		$input['role']               = Gatepost_Role::harmless( sanitize_key( (string) $input['role'] ) );
		$input['meta_fields']        = array_slice( array_filter( self::words( $input['meta_fields'] ), array( self::class, 'is_meta_field' ) ), 0, self::MOST_META_FIELDS );
		$input['ip_allowlist']       = array_values( array_filter( self::words( $input['ip_allowlist'] ), array( 'Gatepost_Ip_Range', 'is_valid' ) ) );
		$input['rate_limit']         = max( 0, min( 1000000, (int) $input['rate_limit'] ) );
		$input['batch_items']        = max( 1, min( 100, (int) $input['batch_items'] ) );
		$input['keep_arrivals_days'] = max( 1, min( 365, (int) $input['keep_arrivals_days'] ) );
		return $input;
	}

	/**
	 * Whether a name may be one of the meta fields.
	 *
	 * @param string $word The name.
	 */
	public static function is_meta_field( string $word ): bool {
		return 1 === preg_match( '/^[a-z0-9_]{1,60}\z/', $word );
	}

	/**
	 * A list from an array or from words apart by white space or commas.
	 *
	 * @param mixed $words What was given.
	 * @return string[]
	 */
	public static function words( $words ): array {
		$words = is_array( $words ) ? array_filter( $words, 'is_scalar' ) : preg_split( '/[\s,]+/', is_scalar( $words ) ? (string) $words : '' );
		return array_values( array_unique( array_filter( array_map( 'strval', $words ), 'strlen' ) ) );
	}

	/**
	 * The entries of shared secrets that are whole, by slot.
	 *
	 * @param mixed $entries As stored.
	 */
	private static function secret_entries( $entries ): array {
		$whole = array();
		foreach ( Gatepost_Secrets::SLOTS as $slot ) {
			$entry = is_array( $entries ) ? ( $entries[ $slot ] ?? null ) : null;
			if ( is_array( $entry ) && isset( $entry['kid'], $entry['sealed'], $entry['set_at'] ) ) {
				$whole[ $slot ] = array(
					'kid'    => (string) $entry['kid'],
					'sealed' => (string) $entry['sealed'],
					'set_at' => (int) $entry['set_at'],
				);
			}
		}
		return $whole;
	}
}
