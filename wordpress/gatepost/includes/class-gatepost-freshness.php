<?php
/**
 * What of an event is newer than what is known.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Compares an event with the times that a person's row holds, field by field: providers send changes of one person in pushes
 * of their own, which overtake each other. An older event still brings the fields of which nothing newer came.
 *
 * Fields are actor.name, actor.email and data.NAME for each meta field. "*" is a time before which nothing counts. Pure.
 */
final class Gatepost_Freshness {

	private const ALL = '*';

	/**
	 * The person's times by field, in ms.
	 *
	 * @var array<string,int>
	 */
	private array $times;

	/**
	 * The newest event applied, in ms.
	 *
	 * @var int
	 */
	private int $newest;

	/**
	 * The event.
	 *
	 * @var Gatepost_Item
	 */
	private Gatepost_Item $item;

	/**
	 * Whether the event says that the person is gone.
	 *
	 * @var bool
	 */
	private bool $is_deletion;

	/**
	 * The fields that the event brings and that are new, with their times.
	 *
	 * @var array<string,int>
	 */
	private array $fresh = array();

	/**
	 * Compares.
	 *
	 * @param Gatepost_Item $item        The event, checked.
	 * @param string[]      $fields      The fields it brings.
	 * @param bool          $is_deletion Whether the person is gone.
	 * @param int           $newest      The newest event applied, in ms.
	 * @param string|null   $stored      The row's times; null where it is from before there were any.
	 */
	public function __construct( Gatepost_Item $item, array $fields, bool $is_deletion, int $newest, ?string $stored ) {
		$times             = null === $stored ? array( self::ALL => $newest ) : json_decode( $stored, true );
		$this->times       = array_filter( is_array( $times ) ? $times : array(), 'is_int' );
		$this->item        = $item;
		$this->newest      = $newest;
		$this->is_deletion = $is_deletion;
		foreach ( $fields as $field ) {
			$time = $item->time_of( $field );
			if ( $time >= max( $this->times[ $field ] ?? 0, $this->times[ self::ALL ] ?? 0 ) ) {
				$this->fresh[ $field ] = $time;
			}
		}
	}

	/**
	 * Whether the event as a whole is the newest, or as new as that.
	 */
	public function is_newest(): bool {
		return $this->item->occurred_at >= $this->newest;
	}

	/**
	 * Whether nothing of the event is new. An older deletion brings nothing.
	 */
	public function is_stale(): bool {
		return ! $this->is_newest() && ( $this->is_deletion || array() === $this->fresh );
	}

	/**
	 * Whether a field of the event is to be written.
	 *
	 * @param string $field Its name.
	 */
	public function has( string $field ): bool {
		return isset( $this->fresh[ $field ] );
	}

	/**
	 * The newest event once this one is applied, in ms.
	 */
	public function newest(): int {
		return max( $this->newest, $this->item->occurred_at );
	}

	/**
	 * The row's times once this event is applied.
	 *
	 * @param string[] $known The fields whose times are kept; others were taken out of the settings.
	 */
	public function stored( array $known ): string {
		$times = array_intersect_key( array_merge( $this->times, $this->fresh ), array_flip( $known ) + array( self::ALL => 0 ) );
		if ( $this->is_deletion ) {
			$times = array( self::ALL => $this->newest() );
		}
		return (string) wp_json_encode( (object) $times );
	}
}
