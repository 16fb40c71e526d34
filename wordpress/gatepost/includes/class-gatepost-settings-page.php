<?php
/**
 * Settings → Gatepost.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * The settings page, by WordPress's Settings API, which brings nonce and capability. Secrets go in and never come out.
 */
final class Gatepost_Settings_Page {

	public const PAGE = 'gatepost';

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
		if ( 'options.php' === ( $GLOBALS['pagenow'] ?? '' ) ) {
			return;
		}
		foreach ( Gatepost_Settings_Fields::sections() as $section => $title ) {
			add_settings_section( $section, $title, '__return_empty_string', self::PAGE );
		}
		foreach ( Gatepost_Settings_Fields::all() as $name => $field ) {
			add_settings_field( "gatepost_$name", $field['title'], array( self::class, 'field' ), self::PAGE, $field['section'], array( 'name' => $name ) + $field + array( 'label_for' => "gatepost_$name" ) );
		}
	}

	/**
	 * Makes what the form sent a whole set of settings.
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
		$form   = new Gatepost_Settings_Form( $input, Gatepost_Settings::all() );
		$fields = Gatepost_Settings_Fields::all();
		foreach ( $form->problems() as $name => $words ) {
			// WordPress prints these as they are.
			add_settings_error( Gatepost_Settings::OPTION, "gatepost_$name", esc_html( $fields[ $name ]['title'] . ': ' . $words ) );
		}
		if ( array() !== $form->problems() ) {
			add_settings_error( Gatepost_Settings::OPTION, 'gatepost_others', esc_html__( 'Everything else was saved.', 'gatepost' ), 'info' );
		}
		return $form->settings();
	}

	/**
	 * Shows the page.
	 */
	public static function show(): void {
		if ( ! current_user_can( 'manage_options' ) ) {
			return;
		}
		echo '<div class="wrap"><h1>' . esc_html__( 'Gatepost', 'gatepost' ) . '</h1>';
		printf( '<p><a href="%s">%s</a></p>', esc_url( Gatepost_Admin_Page::url() ), esc_html__( 'What has arrived, and order events that failed', 'gatepost' ) );
		echo '<form method="post" action="options.php">';
		settings_fields( self::PAGE );
		printf( '<input type="hidden" name="%s[from_form]" value="1">', esc_attr( Gatepost_Settings::OPTION ) );
		do_settings_sections( self::PAGE );
		submit_button();
		echo '</form></div>';
	}

	/**
	 * Shows a field.
	 *
	 * @param array $field As Gatepost_Settings_Fields has it, with its name.
	 */
	public static function field( array $field ): void {
		$name  = $field['name'];
		$value = Gatepost_Settings::all()[ $name ] ?? ( $field['value'] ?? '' );
		$attrs = sprintf( 'id="gatepost_%1$s" name="%2$s[%1$s]" aria-describedby="gatepost_%1$s_help"', esc_attr( $name ), esc_attr( Gatepost_Settings::OPTION ) );
		switch ( $field['kind'] ) {
			case 'checkbox':
				echo "<input type='checkbox' value='1' $attrs " . checked( $value, true, false ) . '>'; // phpcs:ignore WordPress.Security.EscapeOutput -- escaped above.
				break;
			case 'select':
				echo "<select $attrs>"; // phpcs:ignore WordPress.Security.EscapeOutput -- escaped above.
				foreach ( $field['options'] as $option => $label ) {
					printf( '<option value="%s" %s>%s</option>', esc_attr( $option ), selected( $value, $option, false ), esc_html( $label ) );
				}
				echo '</select>';
				break;
			case 'secret':
				echo "<input type='password' class='regular-text' autocomplete='new-password' spellcheck='false' value='' $attrs>"; // phpcs:ignore WordPress.Security.EscapeOutput -- escaped above.
				break;
			case 'list':
				echo "<textarea rows='4' class='regular-text code' spellcheck='false' $attrs>" . esc_textarea( implode( "\n", (array) $value ) ) . '</textarea>'; // phpcs:ignore WordPress.Security.EscapeOutput -- escaped above.
				break;
			case 'number':
				$range = Gatepost_Settings_Form::RANGES[ $name ];
				printf( "<input type='number' class='small-text' min='%d' max='%d' value='%s' %s>", (int) $range[0], (int) $range[1], esc_attr( (string) $value ), $attrs ); // phpcs:ignore WordPress.Security.EscapeOutput -- escaped above.
				break;
			case 'text':
				echo "<input type='text' class='regular-text code' spellcheck='false' value='' $attrs>"; // phpcs:ignore WordPress.Security.EscapeOutput -- escaped above.
		}
		printf( '<p class="description" id="gatepost_%s_help">%s</p>', esc_attr( $name ), esc_html( $field['help'] ) );
	}
}
