<?php
/**
 * One thing to do.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * A route, an idempotency key and a payload, as sent; check() says whether they are right.
 */
final class Gatepost_Item {

	public const ROUTES = array( 'user-sync', 'order-event' );

	/**
	 * The type of the event that `gatepost doctor --self-test` sends all the way. No provider's.
	 */
	public const SELF_TEST = 'gatepost.selftest';

	/**
	 * The route.
	 *
	 * @var string
	 */
	public string $route;

	/**
	 * The key as sent.
	 *
	 * @var string
	 */
	public string $key;

	/**
	 * The payload.
	 *
	 * @var array
	 */
	public array $payload;

	/**
	 * When it occurred, in ms; set by check().
	 *
	 * @var int
	 */
	public int $occurred_at = 0;

	/**
	 * The times of single fields, in ms; set by check().
	 *
	 * @var array<string,int>
	 */
	private array $times = array();

	/**
	 * Takes an item of a batch apart. What is not right here is found by check().
	 *
	 * @param mixed $raw As sent.
	 */
	public static function from_raw( $raw ): self {
		$item          = new self();
		$raw           = is_array( $raw ) ? $raw : array();
		$item->route   = is_string( $raw['route'] ?? null ) ? $raw['route'] : '';
		$item->key     = is_string( $raw['idempotency_key'] ?? null ) ? $raw['idempotency_key'] : '';
		$item->payload = is_array( $raw['payload'] ?? null ) ? $raw['payload'] : array();
		return $item;
	}

	/**
	 * Checks everything about the item that needs no database.
	 *
	 * @throws Gatepost_Refusal When something is not right.
	 */
	public function check(): void {
		Gatepost_Schemas::check(
			'item',
			array(
				'route'           => $this->route,
				'idempotency_key' => $this->key,
				'payload'         => $this->payload,
			),
			'item'
		);
		Gatepost_Schemas::check( $this->route, $this->payload, 'payload' );
		$occurred_at = Gatepost_Time::parse( $this->payload['occurred_at'] );
		if ( null === $occurred_at ) {
			throw new Gatepost_Refusal( 'gatepost_invalid', __( 'payload[occurred_at] is neither RFC 3339 nor milliseconds.', 'gatepost' ), 400 );
		}
		$this->occurred_at = $occurred_at;
		foreach ( (array) ( $this->payload['times'] ?? array() ) as $field => $time ) {
			$parsed = Gatepost_Time::parse( $time );
			if ( null === $parsed ) {
				throw new Gatepost_Refusal( 'gatepost_invalid', __( 'payload[times] holds a time that is neither RFC 3339 nor milliseconds.', 'gatepost' ), 400 );
			}
			$this->times[ $field ] = min( $parsed, $occurred_at );
		}
	}

	/**
	 * When a field became what it is, in ms: its own time where the payload has one, else the event's.
	 *
	 * @param string $field Such as actor.name or data.plan.
	 */
	public function time_of( string $field ): int {
		return $this->times[ $field ] ?? $this->occurred_at;
	}

	/**
	 * The key as it is stored: a long one by its hash.
	 */
	public function stored_key(): string {
		return strlen( $this->key ) <= 191 ? $this->key : 'sha256:' . hash( 'sha256', $this->key );
	}

	/**
	 * The events it carries, also where the payload is not valid.
	 *
	 * @return string[]
	 */
	public function event_ids(): array {
		$ids = $this->payload['event_ids'] ?? array( $this->payload['event_id'] ?? null );
		return is_array( $ids ) ? array_values( array_filter( $ids, 'is_string' ) ) : array();
	}

	/**
	 * Whether it is there to arrive alone: it has no effect and claims no key.
	 */
	public function is_self_test(): bool {
		return 'order-event' === $this->route && self::SELF_TEST === $this->text( 'event_type' );
	}

	/**
	 * How many events it carries.
	 */
	public function event_count(): int {
		return max( 1, count( $this->event_ids() ) );
	}

	/**
	 * A member of the payload, empty where it is no text.
	 *
	 * @param string $name Its name.
	 */
	public function text( string $name ): string {
		return is_string( $this->payload[ $name ] ?? null ) ? $this->payload[ $name ] : '';
	}

	/**
	 * A field of the actor as text, empty when there is none.
	 *
	 * @param string $field One of id, email, name.
	 */
	public function actor( string $field ): string {
		return trim( (string) ( $this->payload['actor'][ $field ] ?? '' ) );
	}
}
