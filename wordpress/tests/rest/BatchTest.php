<?php
/**
 * Batches.
 *
 * @package Gatepost
 */

/**
 * One bad item fails no other, whatever makes it bad; one key has one effect, whoever else has it at the moment.
 */
final class BatchTest extends Gatepost_Rest_Test_Case {

	private static function faulty( string $fault ): array {
		return self::sync( array( 'data' => array( 'fault' => $fault ) ) );
	}

	private const WITH_FAULTS = array( 'meta_fields' => array( 'fault' ) );

	public function test_bad_items_among_good_ones(): void {
		$good    = array( self::sync(), self::sync(), self::sync() );
		$order   = self::order();
		$keys    = array_map( static fn() => self::id( 'key' ), range( 0, 7 ) );
		$results = $this->batch(
			array(
				self::item( $good[0], $keys[0] ),
				self::item( array(), $keys[1], 'user-sync' ),
				self::item( $good[1], $keys[2] ),
				self::item( self::faulty( 'throw' ), $keys[3] ),
				self::item( $order, $keys[4] ),
				self::item( $good[2], $keys[5], 'no-such-route' ),
				self::item( $good[2], $keys[6] ),
				self::item( $good[0], $keys[0] ),
			),
			self::WITH_FAULTS
		);
		self::assertSame( array( $keys[0], $keys[1], $keys[2], $keys[3], $keys[4], $keys[5], $keys[6], $keys[0] ), array_column( $results, 'idempotency_key' ) );
		self::assertSame( array( 200, 400, 200, 500, 202, 400, 200, 200 ), array_column( $results, 'status' ) );
		self::assertSame( array( 'applied', 'refused', 'applied', 'refused', 'queued', 'refused', 'applied', 'duplicate' ), array_column( $results, 'outcome' ) );
		foreach ( $good as $payload ) {
			self::assertSame( 1, $this->users_with( $payload['actor']['email'] ) );
		}
	}

	/**
	 * What a hook of another plugin may do to our transaction: the result of the item between two good ones, and whether
	 * its user is there.
	 */
	public function faults(): array {
		return array(
			'throws'                      => array( 'throw', 500, 'refused', 0 ),
			'an SQL error'                => array( 'sql', 500, 'refused', 0 ),
			'meets a lock, then throws'   => array( 'busy-throw', 503, 'refused', 0 ),
			'commits'                     => array( 'commit', 200, 'applied', 1 ),
			'commits, then throws'        => array( 'commit-throw', 500, 'refused', 1 ),
			'rolls everything back once'  => array( 'rollback-once', 200, 'applied', 1 ),
		);
	}

	/**
	 * @dataProvider faults
	 */
	public function test_fault( string $fault, int $status, string $outcome, int $users ): void {
		$items   = array( self::item( self::sync() ), self::item( self::faulty( $fault ) ), self::item( self::sync() ) );
		$results = $this->batch( $items, self::WITH_FAULTS );
		self::assertSame( array( 200, $status, 200 ), array_column( $results, 'status' ), json_encode( $results ) );
		self::assertSame( array( 'applied', $outcome, 'applied' ), array_column( $results, 'outcome' ) );
		self::assertSame( array( 1, $users, 1 ), array_map( fn( $item ) => $this->users_with( $item['payload']['actor']['email'] ), $items ) );

		// Sent again without the fault, everything is there once.
		$results = $this->batch( $items );
		self::assertSame( array( 'duplicate', 'refused' === $outcome ? 'applied' : 'duplicate', 'duplicate' ), array_column( $results, 'outcome' ) );
		self::assertSame( array( 1, 1, 1 ), array_map( fn( $item ) => $this->users_with( $item['payload']['actor']['email'] ), $items ) );
	}

	/**
	 * What ends the whole request: nothing of it may be there.
	 */
	public function disasters(): array {
		return array(
			'rolls everything back, always' => array( 'rollback', 503 ),
			'the connection is lost'        => array( 'disconnect', 500 ),
			'PHP ends'                      => array( 'fatal', 200 ),
		);
	}

	/**
	 * @dataProvider disasters
	 */
	public function test_disaster( string $fault, int $status ): void {
		$items  = array( self::item( self::sync() ), self::item( self::faulty( $fault ) ), self::item( self::sync() ) );
		$answer = $this->site()->send( 'POST', 'batch', json_encode( array( 'items' => $items ) ), self::with( self::WITH_FAULTS ) );
		self::assertSame( $status, $answer['status'], $answer['body'] );
		self::assertArrayNotHasKey( 'results', (array) $answer['json'] );
		foreach ( $items as $item ) {
			self::assertSame( 0, $this->users_with( $item['payload']['actor']['email'] ) );
			self::assertNull( $this->site()->value( 'SELECT 1 FROM wp_gatepost_keys WHERE idempotency_key = ?', array( $item['idempotency_key'] ) ) );
		}
		self::assertSame( array( 'applied', 'applied', 'applied' ), array_column( $this->batch( $items ), 'outcome' ) );
	}

	public function test_a_locked_row_is_503_and_leaves_nothing(): void {
		$payload = self::sync();
		$this->push( $payload );
		$item  = self::item( self::sync( array( 'actor' => $payload['actor'] ) ) );
		$other = self::item( self::sync() );
		$this->site()->rows( 'START TRANSACTION' );
		$this->site()->rows( 'SELECT * FROM wp_gatepost_users WHERE source = ? AND tenant = ? AND subject = ? FOR UPDATE', array( 'stripe', 'acme', 'id:' . $payload['actor']['id'] ) );
		try {
			$results = $this->batch( array( $item, $other ) );
		} finally {
			$this->site()->rows( 'ROLLBACK' );
		}
		self::assertSame( array( 503, 200 ), array_column( $results, 'status' ), json_encode( $results ) );
		self::assertStringStartsWith( 'gatepost_database_busy: ', $results[0]['error'] );
		self::assertSame( array( 'applied', 'duplicate' ), array_column( $this->batch( array( $item, $other ) ), 'outcome' ) );
	}

	public function test_a_hundred_items(): void {
		$items = array();
		for ( $i = 0; $i < 100; $i++ ) {
			$items[] = self::item( self::sync() );
		}
		self::assertSame( array( 'applied' ), array_unique( array_column( $this->batch( $items ), 'outcome' ) ) );
		self::assertSame( array( 'duplicate' ), array_unique( array_column( $this->batch( $items ), 'outcome' ) ) );
	}

	public function test_one_key_posted_twenty_times_at_once(): void {
		$payload = self::order();
		$request = array( 'POST', 'order-event', json_encode( $payload ), array( 'Idempotency-Key' => self::id( 'key' ) ) );
		$answers = $this->site()->send_all( array_fill( 0, 20, $request ) );
		$counts  = array_count_values( array_map( static fn( $answer ) => $answer['json']['outcome'] ?? $answer['body'], $answers ) );
		ksort( $counts );
		self::assertSame( array( 'duplicate' => 19, 'queued' => 1 ), $counts );
		self::assertSame( 1, (int) $this->site()->value( 'SELECT COUNT(*) FROM wp_gatepost_orders WHERE event_id = ?', array( $payload['event_id'] ) ) );
	}

	public function test_one_user_created_by_many_at_once(): void {
		$email    = self::email();
		$requests = array();
		foreach ( array( 'stripe', 'hubspot', 'github', 'shopify', 'stripe', 'hubspot', 'github', 'shopify' ) as $source ) {
			$payload    = self::sync(
				array(
					'source' => $source,
					'actor'  => array(
						'id'    => 'one',
						'email' => $email,
					),
					'tenant_id' => self::id( 't' ),
				)
			);
			$requests[] = array( 'POST', 'user-sync', json_encode( $payload ), array( 'Idempotency-Key' => self::id( 'key' ) ) );
		}
		$answers = $this->site()->send_all( $requests );
		self::assertSame( array( 'applied' ), array_unique( array_map( static fn( $answer ) => $answer['json']['outcome'] ?? $answer['body'], $answers ) ) );
		self::assertCount( 1, array_unique( array_map( static fn( $answer ) => $answer['json']['user_id'], $answers ) ) );
		self::assertSame( 1, $this->users_with( $email ) );
	}

	public function test_a_batch_sees_what_was_committed_while_it_waited(): void {
		$email    = self::email();
		$requests = array();
		for ( $i = 0; $i < 5; $i++ ) {
			$shared     = self::sync(
				array(
					'actor' => array(
						'id'    => self::id( 'cus' ),
						'email' => $email,
					),
				)
			);
			$items      = array( self::item( self::sync() ), self::item( self::sync() ), self::item( $shared ) );
			$requests[] = array( 'POST', 'batch', json_encode( array( 'items' => $items ) ) );
		}
		foreach ( $this->site()->send_all( $requests ) as $answer ) {
			self::assertSame( 'applied', $answer['json']['results'][2]['outcome'], $answer['body'] );
		}
		self::assertSame( 1, $this->users_with( $email ) );
	}

	public function test_batches_that_cross_end_well(): void {
		$users    = array_map( static fn() => self::sync(), range( 1, 30 ) );
		$requests = array();
		foreach ( array( $users, array_reverse( $users ), $users, array_reverse( $users ) ) as $payloads ) {
			$items      = array_map( static fn( $payload ) => self::item( $payload ), $payloads );
			$requests[] = array( 'POST', 'batch', json_encode( array( 'items' => $items ) ) );
		}
		foreach ( $this->site()->send_all( $requests ) as $index => $answer ) {
			// What lost a deadlock three times, or waited for a lock too long, is 503, whole or item, and the gateway sends it again.
			$busy = array_filter( $answer['json']['results'] ?? array(), static fn( $result ) => 503 === $result['status'] );
			if ( 503 === $answer['status'] || array() !== $busy ) {
				$answer = $this->site()->send( ...$requests[ $index ] );
			}
			self::assertSame( 200, $answer['status'], $answer['body'] );
			self::assertSame( array(), array_diff( array_column( $answer['json']['results'], 'outcome' ), array( 'applied', 'duplicate' ) ), $answer['body'] );
		}
		foreach ( $users as $payload ) {
			self::assertSame( 1, $this->users_with( $payload['actor']['email'] ) );
		}
	}

	public function test_a_slow_batch_ends_in_time(): void {
		$items   = array( self::item( self::faulty( 'slow' ) ), self::item( self::sync() ), self::item( self::sync() ) );
		$results = $this->batch( $items, self::WITH_FAULTS + array( 'test_batch_seconds' => 0.2 ) );
		self::assertSame( array( 200, 503, 503 ), array_column( $results, 'status' ) );
		self::assertStringStartsWith( 'gatepost_out_of_time: ', $results[1]['error'] );
		self::assertSame( array( 'duplicate', 'applied', 'applied' ), array_column( $this->batch( $items ), 'outcome' ) );
	}

	public function test_a_long_key(): void {
		$item = self::item( self::sync(), str_repeat( 'k', 980 ) . self::id() );
		self::assertSame( 'applied', $this->batch( array( $item ) )[0]['outcome'] );
		self::assertSame( 'duplicate', $this->batch( array( $item ) )[0]['outcome'] );
		$item['idempotency_key'] .= 'x';
		self::assertSame( 'applied', $this->batch( array( $item ) )[0]['outcome'] );
	}

	public function test_a_self_test_arrives_and_leaves_nothing(): void {
		$test   = self::item( self::order( array( 'event_type' => Gatepost_Item::SELF_TEST ) ) );
		$orders = $this->site()->value( 'SELECT COUNT(*) FROM wp_gatepost_orders' );
		foreach ( array( 1, 2 ) as $ignored ) {
			$results = $this->batch( array( $test, self::item( self::sync() ) ) );
			self::assertSame( array( 'applied', 'applied' ), array_column( $results, 'outcome' ) );
			self::assertSame( 'self-test', $results[0]['note'] );
		}
		$this->batch( array( $test ) );
		self::assertSame( $orders, $this->site()->value( 'SELECT COUNT(*) FROM wp_gatepost_orders' ) );
		foreach ( array( 'keys', 'arrivals' ) as $table ) {
			self::assertNull( $this->site()->value( "SELECT 1 FROM wp_gatepost_$table WHERE idempotency_key = ?", array( $test['idempotency_key'] ) ), $table );
		}
		$status = $this->site()->send( 'GET', 'status', '' );
		self::assertSame( Gatepost_Item::SELF_TEST, $status['json']['self_test'] );
	}

	public function test_a_user_sync_of_that_type_is_no_self_test(): void {
		$payload = self::sync( array( 'event_type' => Gatepost_Item::SELF_TEST ) );
		self::assertSame( 'applied', $this->push( $payload )['outcome'] );
		self::assertSame( 1, $this->users_with( $payload['actor']['email'] ) );
	}
}
