<?php
/**
 * The fields of the settings page.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Section, title, kind, help text, and options of each field.
 */
final class Gatepost_Settings_Fields {

	/**
	 * The sections' titles by name.
	 */
	public static function sections(): array {
		return array(
			'auth'   => __( 'Who may push', 'gatepost' ),
			'users'  => __( 'What events may do', 'gatepost' ),
			'limits' => __( 'Limits', 'gatepost' ),
		);
	}

	/**
	 * All fields by name.
	 *
	 * @return array<string,array>
	 */
	public static function all(): array {
		return self::secrets() + self::users() + self::limits();
	}

	/**
	 * Authentication.
	 */
	private static function secrets(): array {
		$modes  = array(
			'any'          => __( 'Any one method', 'gatepost' ),
			'app_password' => __( 'Application Password', 'gatepost' ),
			'token'        => __( 'Bearer token or JSON Web Token', 'gatepost' ),
			'hmac'         => __( 'Signature (X-Signature)', 'gatepost' ),
			'both'         => __( 'Signature, and a password or token', 'gatepost' ),
		);
		$fields = array(
			'require' => self::field( 'auth', 'select', __( 'Authentication', 'gatepost' ), __( 'What a request must bring. Whatever else it brings must be right too.', 'gatepost' ), array( 'options' => $modes ) ),
		);
		if ( Gatepost_Secrets::are_in_config() ) {
			$fields['config'] = self::field( 'auth', 'none', __( 'Shared secrets', 'gatepost' ), __( 'wp-config.php has them: GATEPOST_HMAC_SECRET.', 'gatepost' ) );
		} else {
			$fields += array(
				'secret_current' => self::field( 'auth', 'secret', __( 'Shared secret', 'gatepost' ), self::secret_help( 'current', __( 'HMAC_SHARED_SECRET of the gateway; at least 16 characters, no spaces.', 'gatepost' ) ) ),
				'kid_current'    => self::field( 'auth', 'text', __( 'Key id of the shared secret', 'gatepost' ), __( 'For JSON Web Tokens ("kid"). Counts where a secret is entered above; empty: made from the secret.', 'gatepost' ) ),
				'secret_next'    => self::field( 'auth', 'secret', __( 'Next shared secret', 'gatepost' ), self::secret_help( 'next', __( 'While rotating: both are accepted.', 'gatepost' ) ) ),
				'kid_next'       => self::field( 'auth', 'text', __( 'Key id of the next secret', 'gatepost' ), __( 'As above.', 'gatepost' ) ),
				'rotate'         => self::field( 'auth', 'checkbox', __( 'Rotate', 'gatepost' ), __( 'The next secret becomes the shared secret, and the old one is no longer accepted. Do this when the gateway signs with the next one.', 'gatepost' ) ),
				'forget_next'    => self::field( 'auth', 'checkbox', __( 'Forget the next secret', 'gatepost' ), __( 'It is no longer accepted.', 'gatepost' ) ),
			);
		}
		$token = (int) Gatepost_Settings::get( 'token_set_at' );
		return $fields + array(
			'token'        => self::field( 'auth', 'secret', __( 'Bearer token', 'gatepost' ), __( 'WORDPRESS_TOKEN of the gateway; at least 16 characters.', 'gatepost' ) . ' ' . self::set_at( $token ) ),
			'forget_token' => self::field( 'auth', 'checkbox', __( 'Forget the bearer token', 'gatepost' ), __( 'It is no longer accepted.', 'gatepost' ) ),
			'public_keys'  => self::field( 'auth', 'list', __( 'Public keys for JSON Web Tokens', 'gatepost' ), __( 'Ed25519, at most two, one a line: key id, a space, 32 bytes in base64. Tokens that the shared secret signs (HS256) need none.', 'gatepost' ) ),
			'ip_allowlist' => self::field( 'auth', 'list', __( 'Allowed addresses', 'gatepost' ), self::allowlist_help() ),
		);
	}

	/**
	 * Users.
	 */
	private static function users(): array {
		return array(
			'create_users'  => self::field( 'users', 'checkbox', __( 'Create users', 'gatepost' ), __( 'Make a user for a person whom nobody matches.', 'gatepost' ) ),
			'change_emails' => self::field( 'users', 'checkbox', __( 'Change e-mail addresses', 'gatepost' ), __( 'Of users that Gatepost created, never of others.', 'gatepost' ) ),
			'role'          => self::field( 'users', 'select', __( 'Role of created users', 'gatepost' ), __( 'Roles that may change the site are not offered.', 'gatepost' ), array( 'options' => self::roles() ) ),
			'meta_fields'   => self::field( 'users', 'list', __( 'Data fields kept as user meta', 'gatepost' ), __( 'Names of fields in an event\'s data, kept as gatepost_NAME. Empty: none.', 'gatepost' ) ),
		);
	}

	/**
	 * Limits.
	 */
	private static function limits(): array {
		return array(
			'rate_limit'         => self::field( 'limits', 'number', __( 'Requests a minute', 'gatepost' ), __( 'For each address; beyond it only signed requests pass. 0: no limit.', 'gatepost' ) ),
			'batch_items'        => self::field( 'limits', 'number', __( 'Events in a batch', 'gatepost' ), __( 'Fewer for a slow site; the gateway halves its batches by itself.', 'gatepost' ) ),
			'keep_arrivals_days' => self::field( 'limits', 'number', __( 'Days in the list of arrivals', 'gatepost' ), __( 'How long Tools → Gatepost lists what has arrived.', 'gatepost' ) ),
		);
	}

	/**
	 * Makes a field.
	 *
	 * @param string $section Section.
	 * @param string $kind    Kind.
	 * @param string $title   Title.
	 * @param string $help    Text below it.
	 * @param array  $more    More.
	 */
	private static function field( string $section, string $kind, string $title, string $help, array $more = array() ): array {
		return compact( 'section', 'kind', 'title', 'help' ) + $more;
	}

	/**
	 * A secret's help with what may be told of it.
	 *
	 * @param string $slot One of Gatepost_Secrets::SLOTS.
	 * @param string $text The help.
	 */
	private static function secret_help( string $slot, string $text ): string {
		$entry = Gatepost_Secrets::described()[ $slot ] ?? null;
		if ( null === $entry ) {
			return $text . ' ' . self::set_at( 0 );
		}
		if ( ! $entry['readable'] ) {
			return $text . ' ' . __( 'The stored one cannot be opened any more, because the salts in wp-config.php have changed: enter it again.', 'gatepost' );
		}
		/* translators: %s: a key id. */
		return $text . ' ' . self::set_at( $entry['set_at'] ) . ' ' . sprintf( __( 'Key id: %s.', 'gatepost' ), $entry['kid'] );
	}

	/**
	 * Since when something is set.
	 *
	 * @param int $time Seconds since 1970, 0 for never.
	 */
	private static function set_at( int $time ): string {
		if ( 0 === $time ) {
			return __( 'Not set.', 'gatepost' );
		}
		/* translators: %s: date and time. */
		return sprintf( __( 'Set on %s; left empty it stays.', 'gatepost' ), wp_date( 'Y-m-d H:i', $time ) );
	}

	/**
	 * The allowlist's help. An empty list means any address, which must not be a surprise.
	 */
	private static function allowlist_help(): string {
		$text = __( 'The gateway\'s addresses or CIDR ranges, compared with REMOTE_ADDR.', 'gatepost' );
		return array() === Gatepost_Settings::get( 'ip_allowlist' )
			? $text . ' ' . __( 'The list is empty: any address may ask.', 'gatepost' )
			: $text . ' ' . __( 'Empty: any address may ask.', 'gatepost' );
	}

	/**
	 * Roles that do no harm, by name.
	 */
	private static function roles(): array {
		$names = wp_roles()->get_names();
		return array_map( 'translate_user_role', array_filter( $names, static fn( $role ) => Gatepost_Role::harmless( $role ) === $role, ARRAY_FILTER_USE_KEY ) );
	}
}
