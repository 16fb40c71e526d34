<?php
/**
 * Secrets at rest.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Seals a secret with a key that comes from the salts of wp-config.php, so that a database export alone does not hold it.
 *
 * When the salts change, what was sealed can no longer be opened: Site Health says so, and the secret is entered again.
 */
final class Gatepost_Vault {

	/**
	 * Seals.
	 *
	 * @param string $secret In clear.
	 */
	public static function seal( string $secret ): string {
		$nonce = random_bytes( SODIUM_CRYPTO_SECRETBOX_NONCEBYTES );
		// phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- bytes into an option.
		return base64_encode( $nonce . sodium_crypto_secretbox( $secret, $nonce, self::key() ) );
	}

	/**
	 * Opens; empty when it cannot.
	 *
	 * @param string $sealed What seal() gave.
	 */
	public static function open( string $sealed ): string {
		// phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions
		$bytes = (string) base64_decode( $sealed, true );
		if ( strlen( $bytes ) <= SODIUM_CRYPTO_SECRETBOX_NONCEBYTES ) {
			return '';
		}
		$nonce  = substr( $bytes, 0, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES );
		$secret = sodium_crypto_secretbox_open( substr( $bytes, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES ), $nonce, self::key() );
		return is_string( $secret ) ? $secret : '';
	}

	/**
	 * The key: 32 bytes.
	 */
	private static function key(): string {
		return hash( 'sha256', 'gatepost vault ' . wp_salt( 'secure_auth' ), true );
	}
}
