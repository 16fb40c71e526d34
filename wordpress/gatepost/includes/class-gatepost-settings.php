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
 * Secrets: the signing secrets are needed in clear to verify, so they are kept sealed (Gatepost_Vault); of the bearer
 * token its SHA-256 is enough. wp-config.php wins over both: GATEPOST_HMAC_SECRET (one, or an array of two while
 * rotating) and GATEPOST_TOKEN.
 */
final class Gatepost_Settings {

	public const OPTION = 'gatepost_settings';

	/**
	 * What `require` may be.
	 */
	public const REQUIRE_MODES = array( 'any', 'app_password', 'token', 'hmac', 'both' );

	/**
	 * The settings of a fresh install.
	 */
	public static function defaults(): array {
		return array(
			'require'        => 'any',
			'secrets'        => array(),
			'secrets_set_at' => 0,
			'token_sha256'   => '',
			'token_set_at'   => 0,
			'create_users'   => true,
			'change_emails'  => true,
			'role'           => 'subscriber',
			'meta_fields'    => array(),
			'ip_allowlist'   => array(),
			'rate_limit'     => 600,
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
	 * The signing secrets in clear, newest first.
	 *
	 * @return string[]
	 */
	public static function secrets(): array {
		if ( defined( 'GATEPOST_HMAC_SECRET' ) ) {
			return array_values( array_filter( array_map( 'strval', (array) GATEPOST_HMAC_SECRET ), 'strlen' ) );
		}
		return array_values( array_filter( array_map( array( 'Gatepost_Vault', 'open' ), self::get( 'secrets' ) ), 'strlen' ) );
	}

	/**
	 * Sets the signing secrets that are active.
	 *
	 * @param string[] $secrets One, or two while rotating.
	 */
	public static function set_secrets( array $secrets ): void {
		if ( self::secrets() === array_values( $secrets ) ) {
			return;
		}
		self::save(
			array(
				'secrets'        => array_map( array( 'Gatepost_Vault', 'seal' ), array_slice( array_values( $secrets ), 0, 2 ) ),
				'secrets_set_at' => time(),
			)
		);
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
	 * Makes any input a whole set of valid settings.
	 *
	 * @param array $input Settings by name.
	 */
	public static function clean( array $input ): array {
		$input = array_intersect_key( array_merge( self::defaults(), $input ), self::defaults() );

		$input['require']       = in_array( $input['require'], self::REQUIRE_MODES, true ) ? $input['require'] : 'any';
		$input['create_users']  = (bool) $input['create_users'];
		$input['change_emails'] = (bool) $input['change_emails'];
		$input['role']          = Gatepost_Role::harmless( sanitize_key( (string) $input['role'] ) );
		$input['meta_fields']   = self::words( $input['meta_fields'], static fn( $word ) => 1 === preg_match( '/^[a-z0-9_]{1,60}$/', $word ) );
		$input['ip_allowlist']  = self::words( $input['ip_allowlist'], array( 'Gatepost_Ip_Range', 'is_valid' ) );
		$input['rate_limit']    = max( 0, min( 1000000, (int) $input['rate_limit'] ) );
		return $input;
	}

	/**
	 * A list from an array or from words apart by white space or commas, without those that are not valid.
	 *
	 * @param array|string $words What was given.
	 * @param callable     $valid Says whether a word is.
	 */
	public static function words( $words, callable $valid ): array {
		$words = is_array( $words ) ? $words : preg_split( '/[\s,]+/', (string) $words );
		return array_values( array_unique( array_filter( array_map( 'strval', $words ), $valid ) ) );
	}
}
