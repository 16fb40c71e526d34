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

	/**
	 * Changes of one person come in pushes of their own, which overtake each other.
	 */
	public function test_each_field_has_a_time_of_its_own(): void {
		$id       = self::id( 'contact' );
		$email    = self::email();
		$settings = array( 'meta_fields' => array( 'plan', 'company' ) );
		$push     = fn( int $at, array $data, array $more = array() ) => $this->push( self::sync( $more + self::actor( $id, null, null ) + array( 'source' => 'hubspot', 'data' => $data, 'occurred_at' => $at ) ), $settings );
		$user     = $push( 1000, array( 'plan' => 'free' ), self::actor( $id, $email ) )['user_id'];
		self::assertSame( 'applied', $push( 5000, array( 'plan' => 'pro' ) )['outcome'] );
		// Late, but nothing newer is known of this field.
		self::assertSame( 'applied', $push( 3000, array( 'company' => 'Acme' ), array( 'event_type' => 'late' ) )['outcome'] );
		self::assertSame( array( 'pro', 'Acme', 'customer.updated' ), array( $this->meta( $user, 'gatepost_plan' ), $this->meta( $user, 'gatepost_company' ), $this->meta( $user, 'gatepost_last_event_type' ) ) );
		// One field is new, the other is not.
		self::assertSame( 'applied', $push( 4000, array( 'plan' => 'old', 'company' => 'Acme Ltd' ) )['outcome'] );
		self::assertSame( array( 'pro', 'Acme Ltd' ), array( $this->meta( $user, 'gatepost_plan' ), $this->meta( $user, 'gatepost_company' ) ) );
		$stale = $push( 3500, array( 'plan' => 'older', 'company' => 'older' ) );
		self::assertSame( array( 200, 'stale', $user ), array( $stale['status'], $stale['outcome'], $stale['user_id'] ) );
		self::assertSame( array( 'pro', 'Acme Ltd' ), array( $this->meta( $user, 'gatepost_plan' ), $this->meta( $user, 'gatepost_company' ) ) );
		// A field that the settings do not name brings nothing.
		self::assertSame( 'stale', $push( 3500, array( 'other' => 'x' ) )['outcome'] );
	}

	public function test_a_late_name_and_address(): void {
		$id    = self::id( 'contact' );
		$email = self::email();
		$new   = self::email();
		$user  = $this->push( self::sync( self::actor( $id, $email, null ) + array( 'occurred_at' => 1000 ) ) )['user_id'];
		$this->push( self::sync( self::actor( $id, $new, null ) + array( 'occurred_at' => 5000 ) ) );
		$this->push( self::sync( self::actor( $id, $email, 'Late Name' ) + array( 'occurred_at' => 3000 ) ) );
		self::assertSame( array( $new, 'Late Name' ), array( $this->user( $user )['user_email'], $this->user( $user )['display_name'] ) );
	}

	/**
	 * A push of several events says when its fields became what they are.
	 */
	public function test_times_of_a_folded_push(): void {
		$id       = self::id( 'contact' );
		$settings = array( 'meta_fields' => array( 'plan', 'company' ) );
		$folded   = self::sync( self::actor( $id, self::email() ) + array( 'data' => array( 'plan' => 'pro', 'company' => 'Acme' ), 'times' => array( 'data.company' => 2000 ), 'occurred_at' => 5000 ) );
		$user     = $this->push( $folded, $settings )['user_id'];
		$this->push( self::sync( self::actor( $id, null, null ) + array( 'data' => array( 'plan' => 'x', 'company' => 'Acme Ltd' ), 'occurred_at' => 3000 ) ), $settings );
		self::assertSame( array( 'pro', 'Acme Ltd' ), array( $this->meta( $user, 'gatepost_plan' ), $this->meta( $user, 'gatepost_company' ) ) );
		$wrong = $this->push( self::sync( array( 'times' => array( 'data.plan' => 'soon' ) ) ) );
		self::assertSame( 400, $wrong['status'] );
		self::assertStringContainsString( 'times', $wrong['error'] );
	}

	public function test_what_came_before_a_deletion_stays_gone(): void {
		$id   = self::id( 'cus' );
		$user = $this->push( self::sync( self::actor( $id, self::email() ) + array( 'occurred_at' => 1000 ) ) )['user_id'];
		$this->push( self::sync( self::actor( $id, null, null ) + array( 'action' => array( 'type' => 'deleted' ), 'occurred_at' => 5000 ) ) );
		self::assertSame( 'stale', $this->push( self::sync( self::actor( $id, self::email(), 'Late' ) + array( 'occurred_at' => 4999 ) ) )['outcome'] );
		self::assertSame( 'Jane Doe', $this->user( $user )['display_name'] );
	}

	public function test_a_duplicate_is_told_what_the_first_was_told(): void {
		$items  = array( self::item( self::sync() ), self::item( self::order() ) );
		$first  = $this->batch( $items );
		$second = $this->batch( $items );
		self::assertSame( array( 200, 'duplicate', 'applied', 200, $first[0]['user_id'] ), array( $second[0]['status'], $second[0]['outcome'], $second[0]['first_outcome'], $second[0]['first_status'], $second[0]['user_id'] ) );
		self::assertSame( array( 200, 'duplicate', 'queued', 202, $first[1]['order_id'] ), array( $second[1]['status'], $second[1]['outcome'], $second[1]['first_outcome'], $second[1]['first_status'], $second[1]['order_id'] ) );
	}
}
