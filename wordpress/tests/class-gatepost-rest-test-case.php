<?php
/**
 * What the REST tests share.
 *
 * @package Gatepost
 */

use PHPUnit\Framework\TestCase;

/**
 * Payloads with ids that no other run has used, and answers taken apart.
 */
abstract class Gatepost_Rest_Test_Case extends TestCase {

	/**
	 * The site, one for all tests.
	 */
	private static ?Gatepost_Test_Site $site = null;

	protected function site(): Gatepost_Test_Site {
		if ( null === self::$site ) {
			$dir = getenv( 'GATEPOST_SITE' );
			if ( false === $dir || ! is_file( "$dir/env" ) ) {
				self::fail( 'GATEPOST_SITE does not name the directory of a running site: run scripts/test-wordpress DIR' );
			}
			self::$site = new Gatepost_Test_Site( $dir );
		}
		return self::$site;
	}

	protected static function id( string $what = 'id' ): string {
		return $what . '_' . bin2hex( random_bytes( 8 ) );
	}

	protected static function email(): string {
		return 'u' . bin2hex( random_bytes( 8 ) ) . '@example.net';
	}

	/**
	 * A user-sync payload; `more` wins, level by level.
	 */
	protected static function sync( array $more = array() ): array {
		return array_replace(
			array(
				'tenant_id'   => 'acme',
				'source'      => 'stripe',
				'event_ids'   => array( self::id( 'evt' ) ),
				'event_type'  => 'customer.updated',
				'actor'       => array(
					'id'    => self::id( 'cus' ),
					'email' => self::email(),
					'name'  => 'Jane Doe',
				),
				'subject'     => array(
					'id'   => null,
					'type' => 'customer',
				),
				'action'      => array(
					'type'   => 'updated',
					'reason' => null,
				),
				'data'        => (object) array(),
				'occurred_at' => '2026-11-23T18:00:00.123Z',
			),
			$more
		);
	}

	protected static function order( array $more = array() ): array {
		$payload = self::sync( array( 'event_type' => 'charge.succeeded' ) );
		unset( $payload['event_ids'] );
		return array_replace( $payload, array( 'event_id' => self::id( 'evt' ) ), $more );
	}

	protected static function item( array $payload, ?string $key = null, ?string $route = null ): array {
		return array(
			'route'           => $route ?? ( isset( $payload['event_id'] ) ? 'order-event' : 'user-sync' ),
			'idempotency_key' => $key ?? self::id( 'key' ),
			'payload'         => $payload,
		);
	}

	/**
	 * Posts a batch and gives its results; the settings are those of this request alone (tests/site/mu-plugin.php).
	 */
	protected function batch( array $items, array $settings = array() ): array {
		$answer = $this->site()->send( 'POST', 'batch', json_encode( array( 'items' => $items ) ), self::with( $settings ) );
		self::assertSame( 200, $answer['status'], $answer['body'] );
		self::assertCount( count( $items ), $answer['json']['results'] );
		foreach ( $answer['json']['results'] as $result ) {
			self::assert_schema( 'result', $result );
		}
		return $answer['json']['results'];
	}

	/**
	 * Checks a value against a schema's types, enums and required members, and that the schema knows every member.
	 */
	protected static function assert_schema( string $name, array $value ): void {
		$schema = Gatepost_Schemas::get( $name );
		foreach ( $schema['required'] as $member ) {
			self::assertArrayHasKey( $member, $value );
		}
		$types = array( 'string' => 'is_string', 'integer' => 'is_int', 'boolean' => 'is_bool', 'null' => 'is_null', 'object' => 'is_array', 'array' => 'is_array' );
		foreach ( $value as $member => $held ) {
			self::assertArrayHasKey( $member, $schema['properties'], "schemas/$name.json does not know $member" );
			$rule = $schema['properties'][ $member ];
			self::assertNotSame( array(), array_filter( (array) $rule['type'], static fn( $type ) => $types[ $type ]( $held ) ), "$member: " . json_encode( $held ) );
			if ( isset( $rule['enum'] ) ) {
				self::assertContains( $held, $rule['enum'], $member );
			}
		}
	}

	/**
	 * Posts one user-sync item in a batch and gives its result.
	 */
	protected function push( array $payload, array $settings = array() ): array {
		return $this->batch( array( self::item( $payload ) ), $settings )[0];
	}

	protected static function with( array $settings ): array {
		return array() === $settings ? array() : array( 'X-Test-Settings' => json_encode( $settings ) );
	}

	protected function user( int $id ): array {
		return $this->site()->rows( 'SELECT * FROM wp_users WHERE ID = ?', array( $id ) )[0];
	}

	protected function meta( int $id, string $name ): ?string {
		return $this->site()->value( 'SELECT meta_value FROM wp_usermeta WHERE user_id = ? AND meta_key = ?', array( $id, $name ) );
	}

	protected function users_with( string $email ): int {
		return (int) $this->site()->value( 'SELECT COUNT(*) FROM wp_users WHERE user_email = ?', array( $email ) );
	}

	/**
	 * Makes a user as an administrator of the site would, by WordPress's own route.
	 */
	protected function make_user( string $role, string $email ): int {
		$answer = $this->site()->send(
			'POST',
			'/wp-json/wp/v2/users',
			json_encode(
				array(
					'username' => self::id( 'login' ),
					'email'    => $email,
					'password' => self::id( 'password' ),
					'name'     => 'Own Name',
					'roles'    => array( $role ),
				)
			)
		);
		self::assertSame( 201, $answer['status'], $answer['body'] );
		return $answer['json']['id'];
	}

	/**
	 * Runs WP-Cron until a condition holds.
	 */
	protected function cron_until( callable $holds, string $what, int $seconds = 20 ): void {
		$until = microtime( true ) + $seconds;
		while ( ! $holds() ) {
			self::assertLessThan( $until, microtime( true ), "waited $seconds s for: $what" );
			$this->site()->send( 'GET', '/wp-cron.php', null, array(), array() );
			usleep( 100000 );
		}
	}
}
