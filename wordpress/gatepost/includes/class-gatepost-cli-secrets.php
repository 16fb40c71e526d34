<?php
/**
 * WP-CLI: wp gatepost secrets.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Sets and rotates secrets. They come from standard input, never from arguments, which every user of the machine can read.
 */
final class Gatepost_Cli_Secrets {

	/**
	 * Lists which secrets are set, and by which key id. Never the secrets.
	 *
	 * ## OPTIONS
	 *
	 * [--format=<format>]
	 * : table, csv, json or yaml.
	 * ---
	 * default: table
	 * ---
	 *
	 * @subcommand list
	 *
	 * @param array $args  Words.
	 * @param array $assoc Options.
	 */
	public function list_( array $args, array $assoc ): void {
		$rows = array();
		foreach ( Gatepost_Secrets::described() as $slot => $entry ) {
			$rows[] = array(
				'slot'     => $slot,
				'kid'      => $entry['kid'],
				'set_at'   => 0 === $entry['set_at'] ? '' : gmdate( 'Y-m-d\TH:i:s\Z', $entry['set_at'] ),
				'readable' => $entry['readable'] ? 'yes' : 'no',
			);
		}
		WP_CLI\Utils\format_items( $assoc['format'] ?? 'table', $rows, array( 'slot', 'kid', 'set_at', 'readable' ) );
	}

	/**
	 * Sets a secret from standard input.
	 *
	 * ## OPTIONS
	 *
	 * <which>
	 * : current, next or token.
	 *
	 * [--kid=<kid>]
	 * : Key id of a shared secret. Default: made from the secret.
	 *
	 * ## EXAMPLES
	 *
	 *     openssl rand -hex 32 | tee /root/next | wp gatepost secrets set next
	 *
	 * @param array $args  Words.
	 * @param array $assoc Options.
	 */
	public function set( array $args, array $assoc ): void {
		$secret = trim( (string) fgets( $this->input(), 4096 ) );
		if ( 'token' === $args[0] ) {
			if ( strlen( $secret ) < Gatepost_Settings_Form::SHORTEST_TOKEN ) {
				WP_CLI::error( 'A bearer token has at least ' . Gatepost_Settings_Form::SHORTEST_TOKEN . ' characters, on one line of standard input.' );
			}
			Gatepost_Settings::set_token( $secret );
			WP_CLI::success( 'The bearer token is set.' );
			return;
		}
		if ( ! in_array( $args[0], Gatepost_Secrets::SLOTS, true ) ) {
			WP_CLI::error( 'Expected current, next or token, found "' . $args[0] . '".' );
		}
		$this->refuse_config();
		$problem = Gatepost_Secrets::problem( $secret, (string) ( $assoc['kid'] ?? '' ) );
		if ( '' !== $problem ) {
			WP_CLI::error( $problem );
		}
		Gatepost_Secrets::set( $args[0], $secret, (string) ( $assoc['kid'] ?? '' ) );
		WP_CLI::success( "The $args[0] secret is set, key id " . Gatepost_Secrets::described()[ $args[0] ]['kid'] . '.' );
	}

	/**
	 * Makes the next secret the current one. The old one is no longer accepted.
	 *
	 * @param array $args  Words.
	 * @param array $assoc Options.
	 */
	public function rotate( array $args, array $assoc ): void {
		$this->refuse_config();
		$entries = Gatepost_Settings::get( 'secrets' );
		if ( ! isset( $entries['next'] ) ) {
			WP_CLI::error( 'There is no next secret: wp gatepost secrets set next.' );
		}
		Gatepost_Settings::save( array( 'secrets' => Gatepost_Secrets::rotated( $entries ) ) );
		WP_CLI::success( 'The next secret is the current one, key id ' . Gatepost_Secrets::described()['current']['kid'] . '.' );
	}

	/**
	 * Refuses to change what wp-config.php holds.
	 */
	private function refuse_config(): void {
		if ( Gatepost_Secrets::are_in_config() ) {
			WP_CLI::error( 'wp-config.php holds the shared secrets (GATEPOST_HMAC_SECRET): change them there.' );
		}
	}

	/**
	 * Standard input.
	 *
	 * @return resource
	 */
	private function input() {
		return defined( 'STDIN' ) ? STDIN : fopen( 'php://stdin', 'r' ); // phpcs:ignore WordPress.WP.AlternativeFunctions
	}
}
