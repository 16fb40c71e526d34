<?php
/**
 * One arrival or order event.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Shows all that is kept of it, but for an order event's payload: that is personal data, and nobody needs it here.
 */
final class Gatepost_Admin_Detail {

	/**
	 * Shows an arrival.
	 *
	 * @param array|null $row The row.
	 */
	public static function arrival( ?array $row ): void {
		self::back( array() );
		if ( null === $row ) {
			self::gone();
			return;
		}
		self::table(
			array(
				__( 'When', 'gatepost' )                => Gatepost_Admin_Page::time( (int) $row['arrived_at'] ),
				__( 'Outcome', 'gatepost' )             => esc_html( Gatepost_Admin_Page::word( $row['outcome'] ) ),
				__( 'Status', 'gatepost' )              => esc_html( $row['status'] ),
				__( 'Error', 'gatepost' )               => esc_html( $row['error'] ),
				__( 'Route', 'gatepost' )               => esc_html( $row['route'] ),
				__( 'Key', 'gatepost' )                 => '<code style="overflow-wrap:anywhere">' . esc_html( $row['idempotency_key'] ) . '</code>',
				__( 'Event', 'gatepost' )               => esc_html( $row['event_type'] ),
				__( 'Source and tenant', 'gatepost' )   => esc_html( $row['source'] . ' / ' . $row['tenant'] ),
				/* translators: %d: a number of events. */
				sprintf( __( 'Event ids (%d, the first 20 shown)', 'gatepost' ), (int) $row['event_count'] ) => '<span style="overflow-wrap:anywhere">' . esc_html( $row['event_ids'] ) . '</span>',
				__( 'User or order event', 'gatepost' ) => Gatepost_Admin_Page::touched( $row ),
				__( 'Request id', 'gatepost' )          => esc_html( $row['request_id'] ),
			)
		);
	}

	/**
	 * Shows an order event.
	 *
	 * @param array|null $row The row.
	 */
	public static function order( ?array $row ): void {
		self::back( array( 'tab' => 'orders' ) );
		if ( null === $row ) {
			self::gone();
			return;
		}
		$worked = null === $row['worked_at'] ? '' : Gatepost_Admin_Page::time( (int) $row['worked_at'] );
		$due    = 'pending' === $row['status'] ? Gatepost_Admin_Page::time( max( (int) $row['due_at'], (int) $row['claimed_until'], (int) $row['received_at'] ) ) : '';
		self::table(
			array(
				__( 'When', 'gatepost' )              => Gatepost_Admin_Page::time( (int) $row['received_at'] ),
				__( 'State', 'gatepost' )             => esc_html( Gatepost_Admin_Page::word( $row['status'] ) ),
				__( 'Attempts', 'gatepost' )          => esc_html( $row['attempts'] . ' / ' . Gatepost_Orders::MOST_ATTEMPTS ),
				__( 'Last attempt', 'gatepost' )      => $worked,
				__( 'Next attempt', 'gatepost' )      => $due,
				__( 'Error', 'gatepost' )             => esc_html( $row['last_error'] ),
				__( 'Event', 'gatepost' )             => esc_html( $row['event_type'] ),
				__( 'Event id', 'gatepost' )          => esc_html( $row['event_id'] ),
				__( 'Source and tenant', 'gatepost' ) => esc_html( $row['source'] . ' / ' . $row['tenant'] ),
				__( 'Occurred', 'gatepost' )          => Gatepost_Admin_Page::time( (int) $row['occurred_at'] ),
				__( 'Key', 'gatepost' )               => '<code style="overflow-wrap:anywhere">' . esc_html( $row['idempotency_key'] ) . '</code>',
			)
		);
		if ( 'failed' === $row['status'] ) {
			echo '<p></p>' . Gatepost_Admin_Page::retry_form( (int) $row['id'] ); // phpcs:ignore WordPress.Security.EscapeOutput -- escaped there.
		}
	}

	/**
	 * A table of names and values.
	 *
	 * @param array<string,string> $rows Values as HTML, by name.
	 */
	private static function table( array $rows ): void {
		echo '<table class="widefat striped"><tbody>';
		foreach ( $rows as $name => $html ) {
			// Escaped by those who made it.
			printf( '<tr><th scope="row" style="width:14em">%s</th><td>%s</td></tr>', esc_html( $name ), $html ); // phpcs:ignore WordPress.Security.EscapeOutput
		}
		echo '</tbody></table>';
	}

	/**
	 * The way back.
	 *
	 * @param array $query To which list.
	 */
	private static function back( array $query ): void {
		printf( '<p><a href="%s">%s</a></p>', esc_url( Gatepost_Admin_Page::url( $query ) ), esc_html__( 'Back to the list', 'gatepost' ) );
	}

	/**
	 * Says that there is no such row.
	 */
	private static function gone(): void {
		echo '<p>' . esc_html__( 'There is no such entry: it may have been cleaned up.', 'gatepost' ) . '</p>';
	}
}
