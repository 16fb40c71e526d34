<?php
/**
 * What is not as it should be.
 *
 * @package Gatepost
 */

/**
 * Requests and items that are refused before anything is done.
 */
final class SchemaTest extends Gatepost_Rest_Test_Case {

	/**
	 * Changes to a good payload, and the field that the refusal names. A change to null takes the field away.
	 */
	public function user_syncs(): array {
		return array(
			'no tenant'            => array( array( 'tenant_id' => null ), 'tenant_id' ),
			'empty tenant'         => array( array( 'tenant_id' => '' ), 'tenant_id' ),
			'long tenant'          => array( array( 'tenant_id' => str_repeat( 'a', 65 ) ), 'tenant_id' ),
			'no source'            => array( array( 'source' => null ), 'source' ),
			'source in capitals'   => array( array( 'source' => 'Stripe' ), 'source' ),
			'no event ids'         => array( array( 'event_ids' => null ), 'event_ids' ),
			'empty event ids'      => array( array( 'event_ids' => array() ), 'event_ids' ),
			'event id is a number' => array( array( 'event_ids' => array( 7 ) ), 'event_ids' ),
			'event ids is a text'  => array( array( 'event_ids' => (object) array( 'a' => 'b' ) ), 'event_ids' ),
			'no event type'        => array( array( 'event_type' => null ), 'event_type' ),
			'event type is a list' => array( array( 'event_type' => array( 'a', 'b' ) ), 'event_type' ),
			'no actor'             => array( array( 'actor' => null ), 'actor' ),
			'actor is a text'      => array( array( 'actor' => 'cus_1' ), 'actor' ),
			'actor id is a list'   => array( array( 'actor' => array( 'id' => array( 1 ) ) ), 'actor][id' ),
			'data is a text'       => array( array( 'data' => 'x' ), 'data' ),
			'subject is a number'  => array( array( 'subject' => 7 ), 'subject' ),
			'action type is a map' => array( array( 'action' => array( 'type' => array( 'a' => 'b' ) ) ), 'action][type' ),
			'no occurred_at'       => array( array( 'occurred_at' => null ), 'occurred_at' ),
			'occurred_at in words' => array( array( 'occurred_at' => 'yesterday' ), 'occurred_at' ),
			'occurred_at negative' => array( array( 'occurred_at' => -5 ), 'occurred_at' ),
		);
	}

	/**
	 * @dataProvider user_syncs
	 */
	public function test_user_sync( array $change, string $field ): void {
		$payload = array_filter( self::sync( $change ), static fn( $value ) => null !== $value );
		$result  = $this->push( $payload );
		self::assertSame( array( 400, 'refused' ), array( $result['status'], $result['outcome'] ), json_encode( $result ) );
		self::assertStringStartsWith( 'gatepost_invalid: ', $result['error'] );
		self::assertStringContainsString( $field, $result['error'] );

		$key    = self::id( 'key' );
		$answer = $this->site()->send( 'POST', 'user-sync', json_encode( $payload ), array( 'Idempotency-Key' => $key ) );
		self::assertSame( 400, $answer['status'] );
		self::assertSame( array( 'gatepost_invalid', 'refused', $key ), array( $answer['json']['code'], $answer['json']['outcome'], $answer['json']['idempotency_key'] ) );
		self::assertNull( $this->site()->value( 'SELECT 1 FROM wp_gatepost_keys WHERE idempotency_key = ?', array( $key ) ) );
	}

	public function test_order_event_needs_its_id(): void {
		$payload = self::order();
		unset( $payload['event_id'] );
		$result = $this->batch( array( self::item( $payload, null, 'order-event' ) ) )[0];
		self::assertSame( 400, $result['status'] );
		self::assertStringContainsString( 'event_id', $result['error'] );
	}

	public function test_unknown_fields_and_nulls_are_allowed(): void {
		$result = $this->push( self::sync( array( 'subject' => null, 'action' => null, 'data' => null, 'new_field' => array( 'a' => 1 ) ) ) );
		self::assertSame( 'applied', $result['outcome'], json_encode( $result ) );
	}

	public function bodies(): array {
		$many = json_encode( array( 'items' => array_fill( 0, 101, 1 ) ) );
		return array(
			'not JSON'               => array( 'user-sync', 'hello', 'application/json', 400, 'rest_invalid_json' ),
			'cut off'                => array( 'batch', '{"items":[', 'application/json', 400, 'rest_invalid_json' ),
			'a form'                 => array( 'batch', 'items=1', 'application/x-www-form-urlencoded', 400, 'gatepost_not_json' ),
			'JSON said to be text'   => array( 'batch', '{"items":[1]}', 'text/plain', 400, 'gatepost_not_json' ),
			'a number'               => array( 'batch', '7', 'application/json', 400, 'gatepost_not_json' ),
			'empty'                  => array( 'batch', '', 'application/json', 400, 'gatepost_not_json' ),
			'no items'               => array( 'batch', '{}', 'application/json', 400, 'gatepost_invalid' ),
			'items is no list'       => array( 'batch', '{"items":{"a":1}}', 'application/json', 400, 'gatepost_invalid' ),
			'items is empty'         => array( 'batch', '{"items":[]}', 'application/json', 400, 'gatepost_invalid' ),
			'one item too many'      => array( 'batch', $many, 'application/json', 413, 'gatepost_batch_too_large' ),
			'no key'                 => array( 'user-sync', '{}', 'application/json', 400, 'gatepost_key_missing' ),
			'a list for one payload' => array( 'order-event', '[1]', 'application/json; charset=utf-8', 400, 'gatepost_key_missing' ),
		);
	}

	/**
	 * @dataProvider bodies
	 */
	public function test_body( string $route, string $body, string $type, int $status, string $code ): void {
		$answer = $this->site()->send( 'POST', $route, $body, array( 'Content-Type' => $type ) );
		self::assertSame( array( $status, $code ), array( $answer['status'], $answer['json']['code'] ), $answer['body'] );
	}

	public function test_get_is_no_way_to_push(): void {
		$answer = $this->site()->send( 'GET', 'batch', null );
		self::assertSame( array( 404, 'rest_no_route' ), array( $answer['status'], $answer['json']['code'] ) );
	}
}
