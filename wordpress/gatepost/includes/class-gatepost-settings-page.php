<?php
/**
 * Settings → Gatepost.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * The settings page, by WordPress's Settings API, which brings the nonce. Secrets go in and never come out.
 */
final class Gatepost_Settings_Page {

	private const PAGE = 'gatepost';

	/**
	 * Adds the page to the menu.
	 */
	public static function add(): void {
		add_options_page( __( 'Gatepost', 'gatepost' ), __( 'Gatepost', 'gatepost' ), 'manage_options', self::PAGE, array( self::class, 'show' ) );
	}

	/**
	 * Registers setting and fields.
	 */
	public static function register(): void {
		register_setting( self::PAGE, Gatepost_Settings::OPTION, array( 'sanitize_callback' => array( self::class, 'sanitize' ) ) );
		add_settings_section( 'main', '', '__return_empty_string', self::PAGE );
		foreach ( self::fields() as $name => $field ) {
			add_settings_field( "gatepost_$name", $field[0], array( self::class, 'field' ), self::PAGE, 'main', array( $name ) + $field + array( 'label_for' => "gatepost_$name" ) );
		}
	}

	/**
	 * Makes what the form sent a whole set of settings. An empty secret leaves the one there is.
	 *
	 * WordPress also calls this for Gatepost_Settings::save(), whose input is whole already.
	 *
	 * @param mixed $input From the form.
	 */
	public static function sanitize( $input ): array {
		$input = is_array( $input ) ? $input : array();
		if ( ! isset( $input['from_form'] ) ) {
			return Gatepost_Settings::clean( $input );
		}
		$settings = Gatepost_Settings::all();
		foreach ( array( 'require', 'role', 'meta_fields', 'ip_allowlist', 'rate_limit' ) as $name ) {
			$settings[ $name ] = $input[ $name ] ?? $settings[ $name ];
		}
		$settings['create_users']  = ! empty( $input['create_users'] );
		$settings['change_emails'] = ! empty( $input['change_emails'] );

		$secrets = Gatepost_Settings::words( $input['secrets'] ?? '', static fn( $word ) => strlen( $word ) >= 16 );
		if ( array() !== $secrets ) {
			$settings['secrets']        = array_map( array( 'Gatepost_Vault', 'seal' ), array_slice( $secrets, 0, 2 ) );
			$settings['secrets_set_at'] = time();
		}
		$token = trim( (string) ( $input['token'] ?? '' ) );
		if ( strlen( $token ) >= 16 ) {
			$settings['token_sha256'] = hash( 'sha256', $token );
			$settings['token_set_at'] = time();
		}
		return Gatepost_Settings::clean( $settings );
	}

	/**
	 * Shows the page.
	 */
	public static function show(): void {
		if ( ! current_user_can( 'manage_options' ) ) {
			return;
		}
		echo '<div class="wrap"><h1>' . esc_html__( 'Gatepost', 'gatepost' ) . '</h1><form method="post" action="options.php">';
		settings_fields( self::PAGE );
		printf( '<input type="hidden" name="%s[from_form]" value="1">', esc_attr( Gatepost_Settings::OPTION ) );
		do_settings_sections( self::PAGE );
		submit_button();
		echo '</form></div>';
	}

	/**
	 * Shows a field.
	 *
	 * @param array $args Name and kind.
	 */
	public static function field( array $args ): void {
		$name  = substr( $args['label_for'], strlen( 'gatepost_' ) );
		$field = self::fields()[ $name ];
		$value = Gatepost_Settings::all()[ $name ] ?? '';
		$attrs = sprintf( 'id="gatepost_%1$s" name="%2$s[%1$s]"', esc_attr( $name ), esc_attr( Gatepost_Settings::OPTION ) );
		// Attributes are escaped above.
		// phpcs:disable WordPress.Security.EscapeOutput
		switch ( $field[1] ) {
			case 'checkbox':
				echo "<input type='checkbox' value='1' $attrs " . checked( $value, true, false ) . '>';
				break;
			case 'select':
				echo "<select $attrs>";
				foreach ( $field[3] as $option => $label ) {
					printf( '<option value="%s" %s>%s</option>', esc_attr( $option ), selected( $value, $option, false ), esc_html( $label ) );
				}
				echo '</select>';
				break;
			case 'secret':
				echo "<input type='password' class='regular-text' autocomplete='new-password' value='' $attrs>";
				break;
			case 'list':
				echo "<textarea rows='3' class='regular-text' $attrs>" . esc_textarea( implode( "\n", (array) $value ) ) . '</textarea>';
				break;
			default:
				printf( "<input type='%s' class='regular-text' value='%s' %s>", esc_attr( $field[1] ), esc_attr( $value ), $attrs );
		}
		// phpcs:enable
		echo '<p class="description">' . esc_html( $field[2] ) . '</p>';
	}

	/**
	 * The fields: title, kind, description, options.
	 */
	private static function fields(): array {
		return array(
			'require'       => array(
				__( 'Authentication', 'gatepost' ),
				'select',
				__( 'What a request must bring. Whatever else it brings must be right too.', 'gatepost' ),
				array(
					'any'          => __( 'Any one method', 'gatepost' ),
					'app_password' => __( 'Application Password', 'gatepost' ),
					'token'        => __( 'Bearer token or JWT', 'gatepost' ),
					'hmac'         => __( 'Signature (X-Signature)', 'gatepost' ),
					'both'         => __( 'Signature, and a password or token', 'gatepost' ),
				),
			),
			'secrets'       => array( __( 'Shared secrets', 'gatepost' ), 'secret', self::set_at( 'secrets_set_at', __( 'One, or two apart by a space while rotating; at least 16 characters each. HMAC_SHARED_SECRET of the gateway.', 'gatepost' ) ) ),
			'token'         => array( __( 'Bearer token', 'gatepost' ), 'secret', self::set_at( 'token_set_at', __( 'At least 16 characters. WORDPRESS_TOKEN of the gateway.', 'gatepost' ) ) ),
			'create_users'  => array( __( 'Create users', 'gatepost' ), 'checkbox', __( 'Make a user for an actor whom nobody matches.', 'gatepost' ) ),
			'change_emails' => array( __( 'Change e-mail addresses', 'gatepost' ), 'checkbox', __( 'Of users that Gatepost created, never of others.', 'gatepost' ) ),
			'role'          => array( __( 'Role of created users', 'gatepost' ), 'select', __( 'Roles that may change the site are not offered.', 'gatepost' ), self::roles() ),
			'meta_fields'   => array( __( 'Data fields kept as user meta', 'gatepost' ), 'list', __( 'Names of fields in the event\'s data, kept as gatepost_NAME.', 'gatepost' ) ),
			'ip_allowlist'  => array( __( 'Allowed addresses', 'gatepost' ), 'list', __( 'The gateway\'s addresses or CIDR ranges. Empty: any.', 'gatepost' ) ),
			'rate_limit'    => array( __( 'Requests a minute', 'gatepost' ), 'number', __( 'For each address. 0: no limit.', 'gatepost' ) ),
		);
	}

	/**
	 * A secret's description with the time it was set.
	 *
	 * @param string $name The setting that holds the time.
	 * @param string $text The description.
	 */
	private static function set_at( string $name, string $text ): string {
		$time = (int) Gatepost_Settings::get( $name );
		/* translators: %s: date and time. */
		return $text . ' ' . ( 0 === $time ? __( 'Not set.', 'gatepost' ) : sprintf( __( 'Set on %s; empty leaves it.', 'gatepost' ), wp_date( 'Y-m-d H:i', $time ) ) );
	}

	/**
	 * Roles that do no harm, by name.
	 */
	private static function roles(): array {
		$names = wp_roles()->get_names();
		return array_map( 'translate_user_role', array_filter( $names, static fn( $role ) => Gatepost_Role::harmless( $role ) === $role, ARRAY_FILTER_USE_KEY ) );
	}
}
