<?php
/**
 * A persistent object cache, in files, as Redis and its like are one: for the requests that ask for it by X-Test-Cache. Others
 * have WordPress's own. scripts/test-wordpress puts it into the test site and takes it out again.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

if ( isset( $_SERVER['HTTP_X_TEST_CACHE'] ) ) {
	/**
	 * What this request has read or written, and a file for each entry that outlives it.
	 */
	final class Gatepost_Test_Cache {

		private const FOLDER = WP_CONTENT_DIR . '/gatepost-test-cache';

		private array $entries = array();

		private array $passing = array();

		public function pass( array $groups ): void {
			$this->passing += array_fill_keys( $groups, true );
		}

		public function read( $key, $group ) {
			$name = self::name( $key, $group );
			if ( ! array_key_exists( $name, $this->entries ) && ! isset( $this->passing[ $group ] ) && is_readable( self::FOLDER . "/$name" ) ) {
				$this->entries[ $name ] = file_get_contents( self::FOLDER . "/$name" );
			}
			return isset( $this->entries[ $name ] ) ? unserialize( $this->entries[ $name ] ) : null; // phpcs:ignore
		}

		public function write( $key, $group, $value ): bool {
			$name                   = self::name( $key, $group );
			$this->entries[ $name ] = serialize( array( $value ) ); // phpcs:ignore
			if ( ! isset( $this->passing[ $group ] ) ) {
				// Whole or not at all: somebody may read it meanwhile.
				$new = tempnam( self::FOLDER, 'new' );
				file_put_contents( $new, $this->entries[ $name ] );
				rename( $new, self::FOLDER . "/$name" );
			}
			return true;
		}

		public function remove( $key, $group ): bool {
			$name = self::name( $key, $group );
			$had  = null !== $this->read( $key, $group );
			unset( $this->entries[ $name ] );
			if ( is_file( self::FOLDER . "/$name" ) ) {
				unlink( self::FOLDER . "/$name" );
			}
			return $had;
		}

		public function clear(): bool {
			$this->entries = array();
			array_map( 'unlink', glob( self::FOLDER . '/*' ) );
			return true;
		}

		private static function name( $key, $group ): string {
			return hash( 'sha256', ( '' === $group ? 'default' : $group ) . "\n$key" );
		}
	}

	function wp_cache_init(): void {
		$GLOBALS['wp_object_cache'] = new Gatepost_Test_Cache();
	}
	function wp_cache_get( $key, $group = '', $force = false, &$found = null ) {
		$entry = $GLOBALS['wp_object_cache']->read( $key, $group );
		$found = null !== $entry;
		return $found ? $entry[0] : false;
	}
	function wp_cache_set( $key, $data, $group = '', $expire = 0 ) {
		return $GLOBALS['wp_object_cache']->write( $key, $group, $data );
	}
	function wp_cache_add( $key, $data, $group = '', $expire = 0 ) {
		return ! wp_suspend_cache_addition() && null === $GLOBALS['wp_object_cache']->read( $key, $group ) && wp_cache_set( $key, $data, $group );
	}
	function wp_cache_replace( $key, $data, $group = '', $expire = 0 ) {
		return null !== $GLOBALS['wp_object_cache']->read( $key, $group ) && wp_cache_set( $key, $data, $group );
	}
	function wp_cache_delete( $key, $group = '' ) {
		return $GLOBALS['wp_object_cache']->remove( $key, $group );
	}
	function wp_cache_incr( $key, $offset = 1, $group = '' ) {
		$entry = $GLOBALS['wp_object_cache']->read( $key, $group );
		return null !== $entry && wp_cache_set( $key, (int) $entry[0] + $offset, $group ) ? (int) $entry[0] + $offset : false;
	}
	function wp_cache_decr( $key, $offset = 1, $group = '' ) {
		return wp_cache_incr( $key, -$offset, $group );
	}
	function wp_cache_flush() {
		return $GLOBALS['wp_object_cache']->clear();
	}
	function wp_cache_close() {
		return true;
	}
	function wp_cache_add_global_groups( $groups ): void {
	}
	function wp_cache_add_non_persistent_groups( $groups ): void {
		$GLOBALS['wp_object_cache']->pass( (array) $groups );
	}
}
