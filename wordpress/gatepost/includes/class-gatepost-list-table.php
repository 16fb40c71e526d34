<?php
/**
 * Lists for people.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

require_once ABSPATH . 'wp-admin/includes/class-wp-list-table.php';

/**
 * WordPress's list table, paged by id: a table of a million rows is neither counted nor skipped through. Links alone, no script.
 */
abstract class Gatepost_List_Table extends WP_List_Table {

	public const PER_PAGE = 50;

	/**
	 * Below 783 pixels WordPress folds all columns but the first away.
	 */
	public const STYLE = '.gatepost-narrow { display: none }
@media screen and (max-width: 782px) {
	.gatepost-narrow { display: block; overflow-wrap: anywhere }
	.is-expanded .gatepost-narrow { display: none }
}
@media screen and (min-width: 783px) {
	.column-arrived_at, .column-received_at { width: 7em }
	.column-outcome, .column-status { width: 8em }
	.column-touched { width: 9em }
	.column-attempts { width: 6em }
}';

	/**
	 * What the address asks for.
	 *
	 * @var array
	 */
	protected array $filter;

	/**
	 * The ids that the pages beside this one begin from; 0 where there is none.
	 *
	 * @var array{newer:int,older:int}
	 */
	private array $beside = array(
		'newer' => 0,
		'older' => 0,
	);

	/**
	 * Makes one.
	 *
	 * @param array $filter What the address asks for, checked.
	 */
	public function __construct( array $filter ) {
		parent::__construct( array( 'screen' => 'tools_page_' . Gatepost_Admin_Page::PAGE ) );
		$this->filter = $filter;
	}

	/**
	 * Rows, newest first.
	 *
	 * @param array $filter As the queries have it.
	 * @param int   $limit  Most rows.
	 * @return array[]
	 */
	abstract protected function fetch( array $filter, int $limit ): array;

	/**
	 * Reads one page and whether there is another.
	 */
	public function prepare_items(): void {
		$this->_column_headers = array( $this->get_columns(), array(), array(), $this->get_default_primary_column_name() );

		$rows     = $this->fetch( $this->filter, self::PER_PAGE + 1 );
		$more     = count( $rows ) > self::PER_PAGE;
		$backward = ! empty( $this->filter['after'] );
		if ( $more ) {
			// The row beyond the page is the last one, or going back the first.
			$rows = $backward ? array_slice( $rows, 1 ) : array_slice( $rows, 0, self::PER_PAGE );
		}
		$this->items = $rows;
		if ( array() !== $rows ) {
			$this->beside['newer'] = ( $backward ? $more : ! empty( $this->filter['before'] ) ) ? (int) $rows[0]['id'] : 0;
			$this->beside['older'] = ( $backward || $more ) ? (int) end( $rows )['id'] : 0;
		}
	}

	/**
	 * Links to the pages beside this one.
	 *
	 * @param string $which Top or bottom.
	 */
	protected function pagination( $which ): void {
		$links = array();
		foreach ( array( 'newer' => array( 'after', __( 'Newer', 'gatepost' ) ), 'older' => array( 'before', __( 'Older', 'gatepost' ) ) ) as $side => list( $name, $label ) ) {
			if ( 0 !== $this->beside[ $side ] ) {
				$url     = Gatepost_Admin_Page::url( array_diff_key( $this->filter, array( 'before' => 0, 'after' => 0 ) ) + array( $name => $this->beside[ $side ] ) );
				$links[] = sprintf( '<a class="button" href="%s">%s</a>', esc_url( $url ), esc_html( $label ) );
			}
		}
		if ( array() !== $links ) {
			// Escaped above.
			printf( '<nav class="tablenav-pages" aria-label="%s">%s</nav>', 'top' === $which ? esc_attr__( 'Pages', 'gatepost' ) : esc_attr__( 'Pages, below the list', 'gatepost' ), implode( ' ', $links ) ); // phpcs:ignore WordPress.Security.EscapeOutput
		}
	}

	/**
	 * Links that narrow the list to one value.
	 *
	 * @param string   $name   The filter's name.
	 * @param string[] $values Values.
	 * @return string[]
	 */
	protected function links_for( string $name, array $values ): array {
		$links = array();
		foreach ( array_merge( array( '' ), $values ) as $value ) {
			$current         = ( $this->filter[ $name ] ?? '' ) === $value;
			$links[ $value ] = sprintf(
				'<a href="%s"%s>%s</a>',
				esc_url( Gatepost_Admin_Page::url( array( $name => $value ) + array_diff_key( $this->filter, array( 'before' => 0, 'after' => 0 ) ) ) ),
				$current ? ' class="current" aria-current="page"' : '',
				esc_html( '' === $value ? __( 'All', 'gatepost' ) : Gatepost_Admin_Page::word( $value ) )
			);
		}
		return $links;
	}

	/**
	 * What stands below the moment where the other columns are folded away.
	 *
	 * @param string[] $parts HTML.
	 */
	protected static function on_narrow( array $parts ): string {
		return '<span class="gatepost-narrow">' . implode( ' · ', array_filter( $parts, 'strlen' ) ) . '</span>';
	}

	/**
	 * A type as HTML: it may go on in the next line behind its dots and underlines, and not in the middle of a word.
	 *
	 * @param string $type As stored.
	 */
	protected static function breakable( string $type ): string {
		return (string) preg_replace( '~(?<=[._/:-])(?=\w)~', '<wbr>', esc_html( $type ) );
	}

	/**
	 * A cell of a column that has no method of its own.
	 *
	 * @param array  $item   The row.
	 * @param string $column Its name.
	 */
	protected function column_default( $item, $column ): string {
		return esc_html( (string) ( $item[ $column ] ?? '' ) );
	}
}
