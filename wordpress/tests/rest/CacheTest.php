<?php
/**
 * Caches.
 *
 * @package Gatepost
 */

/**
 * What WordPress keeps in its object cache of a change that was undone must not stand for the change itself.
 */
final class CacheTest extends Gatepost_Rest_Test_Case {

	private const FIELDS = array( 'meta_fields' => array( 'plan', 'tier', 'fault' ) );

	/**
	 * With the object cache of this request alone, and with one that outlives it.
	 */
	public function caches(): array {
		return array(
			'of the request' => array( array() ),
			'persistent'     => array( array( 'X-Test-Cache' => '1' ) ),
		);
	}

	private function send( array $items, array $cache ): array {
		return $this->site()->send( 'POST', 'batch', json_encode( array( 'items' => $items ) ), $cache + self::with( self::FIELDS ) );
	}

	/**
	 * Data in whose midst nothing changes: WordPress reads all of a user's meta there, and keeps it.
	 */
	private static function change( array $actor, string $plan, string $fault = '' ): array {
		return self::item( self::sync( array( 'actor' => $actor, 'data' => array( 'plan' => $plan, 'tier' => 'one' ) + ( '' === $fault ? array() : array( 'fault' => $fault ) ) ) ) );
	}

	/**
	 * @dataProvider caches
	 */
	public function test_a_value_that_was_rolled_back_is_written_by_the_next( array $cache ): void {
		$actor = array( 'id' => self::id( 'cus' ), 'email' => self::email(), 'name' => 'Jane Doe' );
		$user  = $this->send( array( self::change( $actor, 'old' ) ), $cache )['json']['results'][0]['user_id'];
		$both  = $this->send( array( self::change( array( 'name' => 'New' ) + $actor, 'new', 'throw' ), self::change( array( 'name' => 'New' ) + $actor, 'new' ) ), $cache );
		self::assertSame( array( 500, 200 ), array_column( $both['json']['results'], 'status' ), $both['body'] );
		self::assertSame( array( 'new', 'New' ), array( $this->meta( $user, 'gatepost_plan' ), $this->user( $user )['display_name'] ) );
	}

	/**
	 * PHP is killed in the middle: the database forgets what it did, the cache does not.
	 */
	public function test_what_a_killed_request_left_in_the_cache_is_not_believed(): void {
		$cache = array( 'X-Test-Cache' => '1' );
		$actor = array( 'id' => self::id( 'cus' ), 'email' => self::email(), 'name' => 'Jane Doe' );
		// Somebody whom nobody knows yet.
		self::assertSame( 502, $this->send( array( self::change( $actor, 'new', 'kill' ) ), $cache )['status'] );
		self::assertSame( 0, $this->users_with( $actor['email'] ) );
		$result = $this->send( array( self::change( $actor, 'new' ) ), $cache )['json']['results'][0];
		self::assertSame( array( 'applied', true ), array( $result['outcome'], $result['created'] ), json_encode( $result ) );
		self::assertSame( array( 1, 'new' ), array( $this->users_with( $actor['email'] ), $this->meta( $result['user_id'], 'gatepost_plan' ) ) );

		// Somebody who is known, by the link.
		self::assertSame( 502, $this->send( array( self::change( array( 'name' => 'New' ) + $actor, 'newer', 'kill' ) ), $cache )['status'] );
		$this->send( array( self::change( array( 'name' => 'New' ) + $actor, 'newer' ) ), $cache );
		self::assertSame( array( 'newer', 'New' ), array( $this->meta( $result['user_id'], 'gatepost_plan' ), $this->user( $result['user_id'] )['display_name'] ) );

		// By the address, for another source.
		$other = array( 'id' => self::id( 'other' ), 'email' => $actor['email'], 'name' => 'Newest' );
		self::assertSame( 502, $this->send( array( self::change( $other, 'newest', 'kill' ) ), $cache )['status'] );
		$this->send( array( self::change( $other, 'newest' ) ), $cache );
		self::assertSame( array( 'newest', 'Newest' ), array( $this->meta( $result['user_id'], 'gatepost_plan' ), $this->user( $result['user_id'] )['display_name'] ) );

		// An address that another user was given by a request that was killed.
		$third = array( 'id' => self::id( 'cus' ), 'email' => self::email(), 'name' => 'Jane Doe' );
		$this->send( array( self::change( $third, 'new' ) ), $cache );
		$moved = self::email();
		self::assertSame( 502, $this->send( array( self::change( array( 'email' => $moved ) + $third, 'newer', 'kill' ) ), $cache )['status'] );
		$result = $this->send( array( self::change( array( 'email' => $moved ) + $actor, 'last' ) ), $cache )['json']['results'][0];
		self::assertSame( array( 200, $moved ), array( $result['status'], $this->user( $result['user_id'] ?? 0 )['user_email'] ), json_encode( $result ) );
	}
}
