<?php
/**
 * The widget on the dashboard.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Says when the last event came, and what needs somebody.
 */
final class Gatepost_Dashboard {

	public const WIDGET = 'gatepost_last_event';

	/**
	 * Adds it for those who may see the list of arrivals.
	 */
	public static function add(): void {
		if ( current_user_can( 'manage_options' ) ) {
			wp_add_dashboard_widget( self::WIDGET, __( 'Gatepost', 'gatepost' ), array( self::class, 'show' ) );
		}
	}

	/**
	 * The widget. Two rows by index, whatever has arrived before.
	 */
	public static function show(): void {
		if ( array() !== Gatepost_Tables::missing() ) {
			self::line( esc_html__( 'The plugin\'s tables are missing; Site Health says what to do.', 'gatepost' ) );
			return;
		}
		$last = Gatepost_Arrivals::find( array(), 1 )[0] ?? null;
		if ( null === $last ) {
			self::line( esc_html__( 'Nothing has come from the gateway yet. On the gateway, "gatepost doctor" says whether it reaches this site.', 'gatepost' ) );
			return;
		}
		/* translators: %s: a time span, as "5 minutes". */
		$ago = sprintf( __( 'The last event came %s ago.', 'gatepost' ), human_time_diff( intdiv( (int) $last['arrived_at'], 1000 ), time() ) );
		self::line( '<strong>' . esc_html( $ago ) . '</strong>' );
		self::line( esc_html( $last['event_type'] . ': ' . Gatepost_Admin_Page::word( $last['outcome'] ) . ' (' . (int) $last['status'] . ')' ) );
		if ( '' !== $last['request_id'] ) {
			/* translators: %s: a request's id. */
			self::line( sprintf( esc_html__( 'Request %s of the gateway', 'gatepost' ), '<code style="overflow-wrap:anywhere">' . esc_html( $last['request_id'] ) . '</code>' ) );
		}
		self::line( sprintf( '<a href="%s">%s</a>', esc_url( Gatepost_Admin_Page::url() ), esc_html__( 'All arrivals', 'gatepost' ) ) );
	}

	/**
	 * A paragraph.
	 *
	 * @param string $html Escaped.
	 */
	private static function line( string $html ): void {
		echo '<p>' . wp_kses_post( $html ) . '</p>';
	}
}
