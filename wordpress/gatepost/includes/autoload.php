<?php
/**
 * Finds a class of ours in its file: Gatepost_User_Sync is includes/class-gatepost-user-sync.php.
 *
 * @package Gatepost
 */

spl_autoload_register(
	static function ( string $class_name ): void {
		if ( 0 !== strpos( $class_name, 'Gatepost_' ) ) {
			return;
		}
		$file = __DIR__ . '/class-' . strtolower( str_replace( '_', '-', $class_name ) ) . '.php';
		if ( is_file( $file ) ) {
			require $file;
		}
	}
);
