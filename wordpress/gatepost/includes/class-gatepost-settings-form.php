<?php
/**
 * What the settings page sends.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Takes the form field by field. What is wrong in a field is said in words and leaves that setting as it was; the others are
 * taken all the same. Nothing is dropped in silence.
 */
final class Gatepost_Settings_Form {

	public const SHORTEST_TOKEN = 16;

	/**
	 * Whole numbers: least and most.
	 */
	public const RANGES = array(
		'rate_limit'         => array( 0, 1000000 ),
		'batch_items'        => array( 1, 100 ),
		'keep_arrivals_days' => array( 1, 365 ),
	);

	/**
	 * The settings as they will be.
	 *
	 * @var array
	 */
	private array $settings;

	/**
	 * What the form sent.
	 *
	 * @var array
	 */
	private array $input;

	/**
	 * What is wrong, by field.
	 *
	 * @var array<string,string>
	 */
	private array $problems = array();

	/**
	 * Takes a form.
	 *
	 * @param array $input    What was sent, without slashes.
	 * @param array $settings The settings as they are.
	 */
	public function __construct( array $input, array $settings ) {
		$this->input    = $input;
		$this->settings = $settings;
		$this->take_choices();
		foreach ( self::RANGES as $name => $range ) {
			$this->take_number( $name, $range[0], $range[1] );
		}
		$this->take_words( 'meta_fields', array( 'Gatepost_Settings', 'is_meta_field' ), __( 'Not the name of a field (small letters, digits and _, at most 60)', 'gatepost' ), Gatepost_Settings::MOST_META_FIELDS );
		$this->take_words( 'ip_allowlist', array( 'Gatepost_Ip_Range', 'is_valid' ), __( 'Not an address or range such as 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32', 'gatepost' ), 200 );
		$this->take_public_keys();
		$this->take_secrets();
		$this->take_token();
	}

	/**
	 * The settings as they will be.
	 */
	public function settings(): array {
		return Gatepost_Settings::clean( $this->settings );
	}

	/**
	 * What is wrong, in words, by field.
	 *
	 * @return array<string,string>
	 */
	public function problems(): array {
		return $this->problems;
	}

	/**
	 * A field's text.
	 *
	 * @param string $name The field.
	 */
	private function text( string $name ): string {
		$text = $this->input[ $name ] ?? '';
		return is_string( $text ) ? trim( $text ) : '';
	}

	/**
	 * Boxes and lists of choices.
	 */
	private function take_choices(): void {
		$this->settings['create_users']  = ! empty( $this->input['create_users'] );
		$this->settings['change_emails'] = ! empty( $this->input['change_emails'] );
		if ( isset( $this->input['require'] ) ) {
			if ( in_array( $this->text( 'require' ), Gatepost_Settings::REQUIRE_MODES, true ) ) {
				$this->settings['require'] = $this->text( 'require' );
			} else {
				$this->problems['require'] = __( 'There is no such way of authentication.', 'gatepost' );
			}
		}
		if ( isset( $this->input['role'] ) ) {
			if ( Gatepost_Role::harmless( $this->text( 'role' ) ) === $this->text( 'role' ) ) {
				$this->settings['role'] = $this->text( 'role' );
			} else {
				/* translators: %s: a role's name. */
				$this->problems['role'] = sprintf( __( 'Users that events create cannot have the role "%s": there is none, or it may change the site.', 'gatepost' ), $this->text( 'role' ) );
			}
		}
	}

	/**
	 * A whole number.
	 *
	 * @param string $name  The field.
	 * @param int    $least Least.
	 * @param int    $most  Most.
	 */
	private function take_number( string $name, int $least, int $most ): void {
		if ( ! isset( $this->input[ $name ] ) ) {
			return;
		}
		$text = $this->text( $name );
		if ( 1 === preg_match( '/^[0-9]{1,9}\z/', $text ) && (int) $text >= $least && (int) $text <= $most ) {
			$this->settings[ $name ] = (int) $text;
			return;
		}
		/* translators: 1: least, 2: most, 3: what was typed. */
		$this->problems[ $name ] = sprintf( __( 'Expected a whole number from %1$d to %2$d, found "%3$s".', 'gatepost' ), $least, $most, $text );
	}

	/**
	 * A list of words.
	 *
	 * @param string   $name  The field.
	 * @param callable $valid Says whether a word is.
	 * @param string   $words What to say of those that are not.
	 * @param int      $most  Most words.
	 */
	private function take_words( string $name, callable $valid, string $words, int $most ): void {
		if ( ! isset( $this->input[ $name ] ) ) {
			return;
		}
		$list  = Gatepost_Settings::words( $this->input[ $name ] );
		$wrong = array_filter( $list, static fn( $word ) => ! $valid( $word ) );
		if ( array() !== $wrong ) {
			$this->problems[ $name ] = $words . ': ' . mb_substr( implode( ', ', $wrong ), 0, 200 );
		} elseif ( count( $list ) > $most ) {
			/* translators: %d: a number. */
			$this->problems[ $name ] = sprintf( __( 'At most %d entries.', 'gatepost' ), $most );
		} else {
			$this->settings[ $name ] = $list;
		}
	}

	/**
	 * Public keys, one a line.
	 */
	private function take_public_keys(): void {
		if ( ! isset( $this->input['public_keys'] ) ) {
			return;
		}
		$lines = preg_split( '/\R+/', $this->text( 'public_keys' ) );
		$lines = array_values( array_filter( array_map( static fn( $line ) => (string) preg_replace( '/\s+/', ' ', trim( $line ) ), $lines ), 'strlen' ) );
		foreach ( $lines as $index => $line ) {
			if ( null === Gatepost_Token::public_key( $line ) ) {
				/* translators: %d: number of a line. */
				$this->problems['public_keys'] = sprintf( __( 'Line %d is no key id, a space, and 32 bytes in base64.', 'gatepost' ), $index + 1 );
				return;
			}
		}
		if ( count( $lines ) > 2 ) {
			$this->problems['public_keys'] = __( 'At most two public keys.', 'gatepost' );
			return;
		}
		$this->settings['public_keys'] = $lines;
	}

	/**
	 * The shared secrets: a field left empty leaves the secret there is.
	 */
	private function take_secrets(): void {
		if ( Gatepost_Secrets::are_in_config() ) {
			return;
		}
		foreach ( Gatepost_Secrets::SLOTS as $slot ) {
			$secret = $this->text( "secret_$slot" );
			$kid    = $this->text( "kid_$slot" );
			if ( '' === $secret ) {
				continue;
			}
			$problem = Gatepost_Secrets::problem( $secret, $kid );
			if ( '' === $problem ) {
				$this->settings['secrets'] = Gatepost_Secrets::with( $this->settings['secrets'], $slot, $secret, $kid );
			} else {
				$this->problems[ "secret_$slot" ] = $problem;
			}
		}
		if ( ! empty( $this->input['rotate'] ) && ! isset( $this->settings['secrets']['next'] ) ) {
			$this->problems['rotate'] = __( 'There is no next secret.', 'gatepost' );
		} elseif ( ! empty( $this->input['rotate'] ) ) {
			$this->settings['secrets'] = Gatepost_Secrets::rotated( $this->settings['secrets'] );
		}
		if ( ! empty( $this->input['forget_next'] ) ) {
			unset( $this->settings['secrets']['next'] );
		}
	}

	/**
	 * The bearer token.
	 */
	private function take_token(): void {
		$token = $this->text( 'token' );
		if ( '' !== $token && strlen( $token ) < self::SHORTEST_TOKEN ) {
			/* translators: %d: a number of characters. */
			$this->problems['token'] = sprintf( __( 'A bearer token has at least %d characters. It was not changed.', 'gatepost' ), self::SHORTEST_TOKEN );
		} elseif ( '' !== $token || ! empty( $this->input['forget_token'] ) ) {
			$this->settings['token_sha256'] = '' === $token ? '' : hash( 'sha256', $token );
			$this->settings['token_set_at'] = '' === $token ? 0 : time();
		}
	}
}
