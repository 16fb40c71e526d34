<?php
/**
 * The list of order events.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Order events, newest first; those that failed with a button to try them again.
 */
final class Gatepost_Orders_Table extends Gatepost_List_Table {

	/**
	 * Rows.
	 *
	 * @param array $filter As Gatepost_Order_Queries has it.
	 * @param int   $limit  Most rows.
	 */
	protected function fetch( array $filter, int $limit ): array {
		return Gatepost_Order_Queries::find( $filter, $limit );
	}

	/**
	 * The columns.
	 */
	public function get_columns(): array {
		return array(
			'received_at' => __( 'When', 'gatepost' ),
			'status'      => __( 'State', 'gatepost' ),
			'event_type'  => __( 'Event', 'gatepost' ),
			'event_id'    => __( 'Event id', 'gatepost' ),
			'attempts'    => __( 'Attempts', 'gatepost' ),
			'last_error'  => __( 'Error', 'gatepost' ),
		);
	}

	/**
	 * The column that stays on a narrow screen.
	 */
	protected function get_default_primary_column_name(): string {
		return 'received_at';
	}

	/**
	 * Links by status.
	 */
	protected function get_views(): array {
		return $this->links_for( 'status', Gatepost_Order_Queries::STATUSES );
	}

	/**
	 * What an empty list says.
	 */
	public function no_items(): void {
		esc_html_e( 'No order event, or none that fits.', 'gatepost' );
	}

	/**
	 * When, with a link to the details.
	 *
	 * @param array $item The row.
	 */
	protected function column_received_at( array $item ): string {
		return sprintf( '<a href="%s">%s</a>', esc_url( Gatepost_Admin_Page::url( array( 'order' => (int) $item['id'] ) ) ), Gatepost_Admin_Page::time( (int) $item['received_at'] ) )
			. self::on_narrow( array( esc_html( Gatepost_Admin_Page::word( $item['status'] ) ), self::breakable( $item['event_type'] ), esc_html( (string) $item['last_error'] ) ) );
	}

	/**
	 * The state, with the way back for what failed.
	 *
	 * @param array $item The row.
	 */
	protected function column_status( array $item ): string {
		return esc_html( Gatepost_Admin_Page::word( $item['status'] ) ) . ( 'failed' === $item['status'] ? Gatepost_Admin_Page::retry_form( (int) $item['id'] ) : '' );
	}

	/**
	 * The type and its source.
	 *
	 * @param array $item The row.
	 */
	protected function column_event_type( array $item ): string {
		return self::breakable( $item['event_type'] ) . '<br>' . esc_html( $item['source'] . ' / ' . $item['tenant'] );
	}

	/**
	 * How often it was tried.
	 *
	 * @param array $item The row.
	 */
	protected function column_attempts( array $item ): string {
		return esc_html( $item['attempts'] . ' / ' . Gatepost_Orders::MOST_ATTEMPTS );
	}
}
