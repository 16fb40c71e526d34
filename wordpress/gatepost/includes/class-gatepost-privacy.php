<?php
/**
 * Privacy.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * WordPress's tools for personal data: what is kept of a person is exported and erased, and the policy's text says what that is.
 */
final class Gatepost_Privacy {

	/**
	 * Order events looked at in one step.
	 */
	private const STEP = 200;

	/**
	 * Adds the exporter.
	 *
	 * @param array $exporters WordPress's.
	 */
	public static function add_exporter( array $exporters ): array {
		$exporters['gatepost'] = array(
			'exporter_friendly_name' => __( 'Gatepost', 'gatepost' ),
			'callback'               => array( self::class, 'export' ),
		);
		return $exporters;
	}

	/**
	 * Adds the eraser.
	 *
	 * @param array $erasers WordPress's.
	 */
	public static function add_eraser( array $erasers ): array {
		$erasers['gatepost'] = array(
			'eraser_friendly_name' => __( 'Gatepost', 'gatepost' ),
			'callback'             => array( self::class, 'erase' ),
		);
		return $erasers;
	}

	/**
	 * Suggests text for the privacy policy.
	 */
	public static function suggest_policy(): void {
		$paragraphs = array(
			__( 'We receive events about you from services that we use, such as payment or customer-relations services, through the Gatepost gateway.', 'gatepost' ),
			__( 'Of a person we keep: the service\'s id of the person, the type and time of the newest event, and the fields that the site\'s administrator has chosen, with the user account. An event may create an account with your name and e-mail address, or change these.', 'gatepost' ),
			__( 'Of an order event we keep its content, which may hold your name, e-mail address and what you ordered, for 30 days after it has been worked on, or for 180 days where that failed.', 'gatepost' ),
			/* translators: %d: a number of days. */
			sprintf( __( 'A list of arrivals holds ids, types and outcomes of events, and the number of the user account, for %d days. Keys that keep an event from being done twice are kept for 90 days and name nobody.', 'gatepost' ), Gatepost_Settings::get( 'keep_arrivals_days' ) ),
			__( 'Addresses from which requests come are counted for a minute and not kept.', 'gatepost' ),
		);
		wp_add_privacy_policy_content( 'Gatepost', '<p>' . implode( '</p><p>', array_map( 'esc_html', $paragraphs ) ) . '</p>' );
	}

	/**
	 * Exports what is kept of a person.
	 *
	 * @param string $email The person's address.
	 * @param int    $page  From 1.
	 */
	public static function export( string $email, int $page = 1 ): array {
		$user   = get_user_by( 'email', $email );
		$items  = array();
		$orders = Gatepost_Personal_Data::orders( Gatepost_Personal_Data::whose( $email, false === $user ? 0 : $user->ID ), self::STEP, self::STEP * ( $page - 1 ) );
		foreach ( $orders as $row ) {
			$items[] = self::item( 'orders', __( 'Gatepost order events', 'gatepost' ), 'order-' . $row['id'], array_diff_key( $row, array( 'id' => 0 ) ) );
		}
		if ( 1 === $page && false !== $user ) {
			foreach ( Gatepost_Personal_Data::links( $user->ID ) as $index => $row ) {
				$items[] = self::item( 'links', __( 'Gatepost links', 'gatepost' ), "link-$index", $row );
			}
			$meta = Gatepost_Personal_Data::meta( $user->ID );
			if ( array() !== $meta ) {
				$items[] = self::item( 'meta', __( 'Gatepost fields', 'gatepost' ), 'meta-' . $user->ID, $meta );
			}
			foreach ( Gatepost_Arrivals::find( array( 'user_id' => $user->ID ), self::STEP ) as $row ) {
				$items[] = self::item( 'arrivals', __( 'Gatepost arrivals', 'gatepost' ), 'arrival-' . $row['id'], array_intersect_key( $row, array_flip( array( 'source', 'event_type', 'event_ids', 'outcome' ) ) ) );
			}
		}
		return array(
			'data' => $items,
			'done' => count( $orders ) < self::STEP,
		);
	}

	/**
	 * Erases what is kept of a person. The account is WordPress's to erase.
	 *
	 * @param string $email The person's address.
	 * @param int    $page  From 1.
	 */
	public static function erase( string $email, int $page = 1 ): array {
		$user     = get_user_by( 'email', $email );
		$whose    = Gatepost_Personal_Data::whose( $email, false === $user ? 0 : $user->ID );
		$removed  = Gatepost_Personal_Data::remove_orders( $whose, self::STEP );
		$done     = $removed < self::STEP;
		$messages = array();
		$retained = false;
		if ( $done ) {
			$removed += Gatepost_Personal_Data::forget( $email, false === $user ? 0 : $user->ID );
			$retained = Gatepost_Personal_Data::has_pending( $whose );
			if ( $retained ) {
				$messages[] = __( 'Order events that still wait were kept: erase again when they are done.', 'gatepost' );
			}
			if ( $removed > 0 ) {
				$messages[] = __( 'Events that come later make such data anew: erase the person at the service and on the gateway too.', 'gatepost' );
			}
		}
		return array(
			'items_removed'  => $removed > 0,
			'items_retained' => $retained,
			'messages'       => $messages,
			'done'           => $done,
		);
	}

	/**
	 * A group's item.
	 *
	 * @param string $group  Its group.
	 * @param string $label  The group's title.
	 * @param string $id     The item's.
	 * @param array  $values By name.
	 */
	private static function item( string $group, string $label, string $id, array $values ): array {
		$data = array();
		foreach ( $values as $name => $value ) {
			// WordPress strips tags and prints.
			$data[] = array(
				'name'  => $name,
				'value' => esc_html( (string) $value ),
			);
		}
		return array(
			'group_id'    => "gatepost-$group",
			'group_label' => $label,
			'item_id'     => "gatepost-$id",
			'data'        => $data,
		);
	}
}
