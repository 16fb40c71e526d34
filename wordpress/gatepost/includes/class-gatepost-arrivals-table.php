<?php
/**
 * The list of arrivals.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * What has arrived, newest first.
 */
final class Gatepost_Arrivals_Table extends Gatepost_List_Table {

	/**
	 * Rows.
	 *
	 * @param array $filter As Gatepost_Arrivals has it.
	 * @param int   $limit  Most rows.
	 */
	protected function fetch( array $filter, int $limit ): array {
		return Gatepost_Arrivals::find( $filter, $limit );
	}

	/**
	 * The columns.
	 */
	public function get_columns(): array {
		return array(
			'arrived_at'      => __( 'When', 'gatepost' ),
			'outcome'         => __( 'Outcome', 'gatepost' ),
			'event_type'      => __( 'Event', 'gatepost' ),
			'touched'         => __( 'User or order event', 'gatepost' ),
			'idempotency_key' => __( 'Key', 'gatepost' ),
			'request_id'      => __( 'Request id', 'gatepost' ),
			'error'           => __( 'Error', 'gatepost' ),
		);
	}

	/**
	 * The column that stays on a narrow screen.
	 */
	protected function get_default_primary_column_name(): string {
		return 'arrived_at';
	}

	/**
	 * Links by outcome.
	 */
	protected function get_views(): array {
		return $this->links_for( 'outcome', Gatepost_Arrivals::OUTCOMES );
	}

	/**
	 * What an empty list says.
	 */
	public function no_items(): void {
		esc_html_e( 'Nothing has arrived, or nothing that fits.', 'gatepost' );
	}

	/**
	 * When, with a link to the details.
	 *
	 * @param array $item The row.
	 */
	protected function column_arrived_at( array $item ): string {
		return sprintf( '<a href="%s">%s</a>', esc_url( Gatepost_Admin_Page::url( array( 'arrival' => (int) $item['id'] ) ) ), Gatepost_Admin_Page::time( (int) $item['arrived_at'] ) )
			. self::on_narrow( array( $this->column_outcome( $item ), self::breakable( $item['event_type'] ), $this->column_touched( $item ), esc_html( (string) $item['error'] ) ) );
	}

	/**
	 * The outcome with its status.
	 *
	 * @param array $item The row.
	 */
	protected function column_outcome( array $item ): string {
		return esc_html( Gatepost_Admin_Page::word( $item['outcome'] ) . ' (' . (int) $item['status'] . ')' );
	}

	/**
	 * The type, its source and how many events it stands for.
	 *
	 * @param array $item The row.
	 */
	protected function column_event_type( array $item ): string {
		/* translators: %d: a number of events. */
		$count = (int) $item['event_count'] > 1 ? ' ' . sprintf( _n( '(%d event)', '(%d events)', (int) $item['event_count'], 'gatepost' ), (int) $item['event_count'] ) : '';
		return self::breakable( $item['event_type'] ) . esc_html( $count ) . '<br>' . esc_html( $item['source'] . ' / ' . $item['tenant'] . ' / ' . $item['route'] );
	}

	/**
	 * What it touched.
	 *
	 * @param array $item The row.
	 */
	protected function column_touched( array $item ): string {
		return Gatepost_Admin_Page::touched( $item );
	}

	/**
	 * The key, which may be long.
	 *
	 * @param array $item The row.
	 */
	protected function column_idempotency_key( array $item ): string {
		return '<code style="overflow-wrap:anywhere">' . esc_html( $item['idempotency_key'] ) . '</code>';
	}

	/**
	 * The gateway's request, as its log and its pages have it.
	 *
	 * @param array $item The row.
	 */
	protected function column_request_id( array $item ): string {
		return '<code style="overflow-wrap:anywhere">' . esc_html( $item['request_id'] ) . '</code>';
	}
}
