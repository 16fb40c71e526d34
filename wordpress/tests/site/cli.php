<?php
/**
 * Runs `wp gatepost …` against the test site with a stand-in for WP-CLI, which Debian does not have.
 *
 * usage: php cli.php WORDPRESS_ROOT gatepost COMMAND... [--option=value...]
 *
 * @package Gatepost
 */

namespace WP_CLI\Utils {
	function format_items( string $format, $items, $fields ): void {
		if ( 'ids' === $format ) {
			echo implode( ' ', $items ) . "\n";
			return;
		}
		foreach ( $items as $item ) {
			$kept = array_intersect_key( $item, array_flip( $fields ) );
			if ( count( $kept ) !== count( $fields ) ) {
				throw new \RuntimeException( 'a field is missing: ' . implode( ' ', array_diff( $fields, array_keys( $item ) ) ) );
			}
			echo 'json' === $format ? json_encode( $kept ) . "\n" : implode( "\t", $kept ) . "\n";
		}
	}
}

namespace {
	/**
	 * As much of WP-CLI as the commands use.
	 */
	final class WP_CLI {
		public static array $commands = array();

		public static function add_command( string $name, string $handler ): void {
			self::$commands[ $name ] = $handler;
		}

		public static function log( string $words ): void {
			echo "$words\n";
		}

		public static function success( string $words ): void {
			echo "Success: $words\n";
		}

		public static function warning( string $words ): void {
			fwrite( STDERR, "Warning: $words\n" );
		}

		public static function error( string $words ): void {
			fwrite( STDERR, "Error: $words\n" );
			exit( 1 );
		}

		public static function halt( int $status ): void {
			exit( $status );
		}

		public static function confirm( string $words, array $assoc ): void {
			if ( empty( $assoc['yes'] ) ) {
				self::error( "not confirmed: $words" );
			}
		}
	}

	define( 'WP_CLI', true );
	define( 'DISABLE_WP_CRON', true );
	$_SERVER['HTTP_HOST']       = '127.0.0.1';
	$_SERVER['REQUEST_URI']     = '/';
	$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
	$_SERVER['REQUEST_METHOD']  = 'GET';

	$gatepost_args  = array_slice( $argv, 2 );
	$gatepost_words = array_values( array_filter( $gatepost_args, static fn( $arg ) => 0 !== strpos( $arg, '--' ) ) );
	$gatepost_assoc = array();
	foreach ( array_diff( $gatepost_args, $gatepost_words ) as $gatepost_arg ) {
		$gatepost_pair                       = explode( '=', substr( $gatepost_arg, 2 ), 2 );
		$gatepost_assoc[ $gatepost_pair[0] ] = $gatepost_pair[1] ?? true;
	}
	require rtrim( $argv[1], '/' ) . '/wp-load.php';

	$gatepost_depth = isset( WP_CLI::$commands[ implode( ' ', array_slice( $gatepost_words, 0, 2 ) ) ] ) ? 2 : 1;
	$gatepost_class = WP_CLI::$commands[ implode( ' ', array_slice( $gatepost_words, 0, $gatepost_depth ) ) ];
	$gatepost_name  = $gatepost_words[ $gatepost_depth ];
	// A method that PHP's words do not allow is named by @subcommand.
	foreach ( ( new ReflectionClass( $gatepost_class ) )->getMethods( ReflectionMethod::IS_PUBLIC ) as $gatepost_method ) {
		preg_match( '/@subcommand (\S+)/', (string) $gatepost_method->getDocComment(), $gatepost_found );
		if ( ( $gatepost_found[1] ?? $gatepost_method->getName() ) === $gatepost_name ) {
			$gatepost_method->invoke( new $gatepost_class(), array_slice( $gatepost_words, $gatepost_depth + 1 ), $gatepost_assoc );
			exit( 0 );
		}
	}
	WP_CLI::error( "no command $gatepost_name" );
}
