<?php
/**
 * Users.
 *
 * @package Gatepost
 */

/**
 * Created, found, changed, left alone.
 */
final class UserSyncTest extends Gatepost_Rest_Test_Case {

	private static function actor( ?string $id, ?string $email, ?string $name = 'Jane Doe' ): array {
		return array(
			'actor' => array(
				'id'    => $id,
				'email' => $email,
				'name'  => $name,
			),
		);
	}

	public function test_created(): void {
		$email  = self::email();
		$id     = self::id( 'cus' );
		$result = $this->push( self::sync( self::actor( $id, $email, 'Jürgen 🐘' ) + array( 'data' => array( 'plan' => 'pro', 'secret' => 'x' ) ) ), array( 'meta_fields' => array( 'plan' ) ) );
		self::assertSame( array( 200, 'applied', true, null ), array( $result['status'], $result['outcome'], $result['created'], $result['error'] ) );
		$user = $this->user( $result['user_id'] );
		self::assertSame( array( $email, 'Jürgen 🐘' ), array( $user['user_email'], $user['display_name'] ) );
		self::assertSame( 'a:1:{s:10:"subscriber";b:1;}', $this->meta( $result['user_id'], 'wp_capabilities' ) );
		self::assertSame( $id, $this->meta( $result['user_id'], 'gatepost_id_stripe' ) );
		self::assertSame( 'customer.updated', $this->meta( $result['user_id'], 'gatepost_last_event_type' ) );
		self::assertSame( 'pro', $this->meta( $result['user_id'], 'gatepost_plan' ) );
		self::assertNull( $this->meta( $result['user_id'], 'gatepost_secret' ) );
	}

	public function test_found_by_id_and_changed(): void {
		$id    = self::id( 'cus' );
		$email = self::email();
		$new   = self::email();
		$first = $this->push( self::sync( self::actor( $id, $email ) ) );
		$again = $this->push( self::sync( self::actor( $id, $new, 'Jane Roe' ) ) );
		self::assertSame( array( 'applied', $first['user_id'], false, null ), array( $again['outcome'], $again['user_id'], $again['created'], $again['note'] ) );
		self::assertSame( array( $new, 'Jane Roe' ), array( $this->user( $first['user_id'] )['user_email'], $this->user( $first['user_id'] )['display_name'] ) );
		self::assertSame( 0, $this->users_with( $email ) );
	}

	public function test_nothing_is_taken_away_by_an_event_without_name_and_address(): void {
		$id    = self::id( 'cus' );
		$email = self::email();
		$first = $this->push( self::sync( self::actor( $id, $email ) ) );
		$again = $this->push( self::sync( self::actor( $id, null, null ) ) );
		self::assertSame( $first['user_id'], $again['user_id'] );
		self::assertSame( array( $email, 'Jane Doe' ), array( $this->user( $first['user_id'] )['user_email'], $this->user( $first['user_id'] )['display_name'] ) );
	}

	public function test_found_by_address(): void {
		$email  = self::email();
		$user   = $this->make_user( 'subscriber', $email );
		$id     = self::id( 'cus' );
		$result = $this->push( self::sync( self::actor( $id, strtoupper( $email ), 'New Name' ) ) );
		self::assertSame( array( $user, false ), array( $result['user_id'], $result['created'] ) );
		self::assertSame( array( $email, 'New Name' ), array( $this->user( $user )['user_email'], $this->user( $user )['display_name'] ) );

		// Who names this address to the provider must not get the account by changing it there afterwards.
		$result = $this->push( self::sync( self::actor( $id, self::email(), 'New Name' ) ) );
		self::assertSame( array( 'applied', $user ), array( $result['outcome'], $result['user_id'] ) );
		self::assertStringContainsString( 'left alone', $result['note'] );
		self::assertSame( $email, $this->user( $user )['user_email'] );
	}

	public function test_two_tenants_may_use_one_id_for_two_people(): void {
		$id  = self::id( 'cus' );
		$one = $this->push( self::sync( self::actor( $id, self::email() ) ) );
		$two = $this->push( self::sync( self::actor( $id, self::email() ) + array( 'tenant_id' => 'other' ) ) );
		self::assertNotSame( $one['user_id'], $two['user_id'] );
	}

	public function test_address_taken(): void {
		$taken = self::email();
		$this->make_user( 'subscriber', $taken );
		$id    = self::id( 'cus' );
		$email = self::email();
		$first = $this->push( self::sync( self::actor( $id, $email ) ) );
		$item  = self::item( self::sync( self::actor( $id, $taken, 'Other Name' ) ) );
		$again = $this->batch( array( $item ) )[0];
		self::assertSame( array( 422, 'refused' ), array( $again['status'], $again['outcome'] ) );
		self::assertStringStartsWith( 'gatepost_email_taken: ', $again['error'] );
		self::assertSame( array( $email, 'Jane Doe' ), array( $this->user( $first['user_id'] )['user_email'], $this->user( $first['user_id'] )['display_name'] ) );
		// A refusal claims no key: once the cause is mended, the same item is applied.
		self::assertSame( 'refused', $this->batch( array( $item ) )[0]['outcome'] );
	}

	public function privileged(): array {
		return array( array( 'administrator' ), array( 'editor' ), array( 'author' ), array( 'gatepost' ) );
	}

	/**
	 * @dataProvider privileged
	 */
	public function test_privileged_users_are_left_alone( string $role ): void {
		$email  = self::email();
		$user   = $this->make_user( $role, $email );
		$before = $this->user( $user );
		$roles  = $this->meta( $user, 'wp_capabilities' );
		$id     = self::id( 'cus' );
		foreach ( array( $email, self::email() ) as $sent ) {
			$result = $this->push( self::sync( self::actor( $id, $sent, 'Mallory' ) ) );
			self::assertSame( array( 'applied', $user ), array( $result['outcome'], $result['user_id'] ), json_encode( $result ) );
			self::assertStringContainsString( 'privileged', $result['note'] );
		}
		self::assertSame( $before, $this->user( $user ) );
		self::assertSame( $roles, $this->meta( $user, 'wp_capabilities' ) );
		self::assertSame( $id, $this->meta( $user, 'gatepost_id_stripe' ) );
	}

	public function test_a_created_user_who_was_promoted_is_left_alone(): void {
		$id    = self::id( 'cus' );
		$email = self::email();
		$first = $this->push( self::sync( self::actor( $id, $email ) ) );
		$this->site()->send( 'POST', '/wp-json/wp/v2/users/' . $first['user_id'], '{"roles":["administrator"]}' );
		$this->push( self::sync( self::actor( $id, self::email(), 'Mallory' ) ) );
		self::assertSame( array( $email, 'Jane Doe' ), array( $this->user( $first['user_id'] )['user_email'], $this->user( $first['user_id'] )['display_name'] ) );
	}

	public function roles(): array {
		return array(
			array( 'administrator', 'subscriber' ),
			array( 'editor', 'subscriber' ),
			array( 'gatepost', 'subscriber' ),
			array( 'no-such-role', 'subscriber' ),
			array( 'contributor', 'contributor' ),
		);
	}

	/**
	 * @dataProvider roles
	 */
	public function test_no_setting_makes_a_powerful_user( string $setting, string $role ): void {
		$result = $this->push( self::sync(), array( 'role' => $setting ) );
		self::assertSame( sprintf( 'a:1:{s:%d:"%s";b:1;}', strlen( $role ), $role ), $this->meta( $result['user_id'], 'wp_capabilities' ) );
	}

	public function test_somebody_without_address_is_met_when_an_older_event_brings_it(): void {
		$id    = self::id();
		$first = $this->push( self::sync( self::actor( $id, null ) ) );
		self::assertSame( array( 200, 'applied', 0 ), array( $first['status'], $first['outcome'], $first['user_id'] ) );
		self::assertNotEmpty( $first['note'] );
		$second = $this->push( self::sync( self::actor( $id, self::email() ) + array( 'occurred_at' => '2020-01-01T00:00:00Z' ) ) );
		self::assertSame( array( 'applied', true ), array( $second['outcome'], $second['created'] ) );
		$third = $this->push( self::sync( self::actor( $id, null ) ) );
		self::assertSame( $second['user_id'], $third['user_id'] );
	}

	public function unknown(): array {
		return array(
			'creating is switched off' => array( self::actor( self::id(), self::email() ), array( 'create_users' => false ), 'gatepost_user_unknown' ),
			'not an address'           => array( self::actor( self::id(), 'jane at example' ), array(), 'gatepost_user_unknown' ),
			'nobody is named'          => array( self::actor( null, null ), array(), 'gatepost_actor_missing' ),
			'empty texts'              => array( self::actor( ' ', '' ), array(), 'gatepost_actor_missing' ),
		);
	}

	/**
	 * @dataProvider unknown
	 */
	public function test_unknown_users( array $actor, array $settings, string $code ): void {
		$result = $this->push( self::sync( $actor ), $settings );
		self::assertSame( array( 422, 'refused' ), array( $result['status'], $result['outcome'] ) );
		self::assertStringStartsWith( "$code: ", $result['error'] );
	}

	public function test_a_deletion_makes_no_user(): void {
		$email  = self::email();
		$result = $this->push( self::sync( self::actor( self::id(), $email ) + array( 'action' => array( 'type' => 'deleted' ) ) ) );
		self::assertSame( array( 'applied', 0 ), array( $result['outcome'], $result['user_id'] ) );
		self::assertSame( 0, $this->users_with( $email ) );
	}

	public function test_older_is_stale_and_equal_is_applied(): void {
		$id    = self::id( 'cus' );
		$email = self::email();
		$names = array(
			array( '2026-11-23T18:00:00.500Z', 'First', 'applied' ),
			array( '2026-11-23T18:00:00.499Z', 'Older', 'stale' ),
			array( 1795456800500, 'Equal', 'applied' ),
			array( '2026-11-23T18:00:00.501Z', 'Newer', 'applied' ),
			array( '2026-11-23T18:00:00.500Z', 'Older', 'stale' ),
		);
		foreach ( $names as list( $occurred_at, $name, $outcome ) ) {
			$item   = self::item( self::sync( self::actor( $id, $email, $name ) + array( 'occurred_at' => $occurred_at ) ) );
			$result = $this->batch( array( $item ) )[0];
			self::assertSame( array( 200, $outcome ), array( $result['status'], $result['outcome'] ), $name );
			// The key is kept for a stale one too.
			$result = $this->batch( array( $item ) )[0];
			self::assertSame( array( 'duplicate', $outcome ), array( $result['outcome'], $result['first_outcome'] ) );
		}
		self::assertSame( 'Newer', $this->user( $result['user_id'] ?? (int) $this->site()->value( 'SELECT ID FROM wp_users WHERE user_email = ?', array( $email ) ) )['display_name'] );
	}

	public function test_a_deleted_user_is_made_anew(): void {
		$actor = self::actor( self::id( 'cus' ), self::email() );
		$first = $this->push( self::sync( $actor ) );
		$this->site()->send( 'DELETE', '/wp-json/wp/v2/users/' . $first['user_id'] . '?force=true&reassign=0', null );
		$again = $this->push( self::sync( $actor ) );
		self::assertTrue( $again['created'] );
		self::assertNotSame( $first['user_id'], $again['user_id'] );
	}

	public function test_listeners_hear_of_what_was_applied_alone(): void {
		$payload = self::sync( array( 'data' => array( 'log_sync' => 1 ) ) );
		$item    = self::item( $payload );
		$this->batch( array( $item ) );
		$this->batch( array( $item ) );
		self::assertSame( 1, (int) $this->site()->value( "SELECT COUNT(*) FROM gatepost_test_log WHERE hook = 'synced' AND event_id = ?", $payload['event_ids'] ) );
	}

	public function test_single_route(): void {
		$payload = self::sync();
		$key     = self::id( 'key' );
		$answer  = $this->site()->send( 'POST', 'user-sync', json_encode( $payload ), array( 'Idempotency-Key' => $key, 'X-Request-Id' => 'r-1' ) );
		self::assertSame( array( 200, $key, 200, 'applied', null ), array( $answer['status'], $answer['json']['idempotency_key'], $answer['json']['status'], $answer['json']['outcome'], $answer['json']['error'] ) );
		$answer = $this->site()->send( 'POST', 'user-sync', json_encode( $payload ), array( 'Idempotency-Key' => $key ) );
		self::assertSame( array( 200, 'duplicate', 'applied' ), array( $answer['status'], $answer['json']['outcome'], $answer['json']['first_outcome'] ) );
		self::assertSame( 'r-1', $this->site()->value( 'SELECT request_id FROM wp_gatepost_keys WHERE idempotency_key = ?', array( $key ) ) );
	}
}
