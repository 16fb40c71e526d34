<?php
/**
 * Tools → Gatepost.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Lists what arrived and the order events, shows one of them, and has failed order events tried again. The lists are links
 * and forms, nothing needs a script.
 */
final class Gatepost_Admin_Page {

	public const PAGE = 'gatepost-events';

	private const RETRY = 'gatepost_retry';

	/**
	 * Adds the page to the menu.
	 */
	public static function add(): void {
		$hook = add_management_page( __( 'Gatepost events', 'gatepost' ), __( 'Gatepost', 'gatepost' ), 'manage_options', self::PAGE, array( self::class, 'show' ) );
		add_action( 'admin_print_styles-' . $hook, array( self::class, 'style' ) );
	}

	/**
	 * What the lists need beside WordPress's own style.
	 */
	public static function style(): void {
		wp_add_inline_style( 'list-tables', Gatepost_List_Table::STYLE );
	}

	/**
	 * The page's address.
	 *
	 * @param array $query What it is to show.
	 */
	public static function url( array $query = array() ): string {
		if ( isset( $query['search'] ) ) {
			$query = array( 's' => $query['search'] ) + array_diff_key( $query, array( 'search' => 0 ) );
		}
		return add_query_arg( array_map( 'rawurlencode', array_filter( array_map( 'strval', $query ), 'strlen' ) ), admin_url( 'tools.php?page=' . self::PAGE ) );
	}

	/**
	 * Shows the page.
	 */
	public static function show(): void {
		if ( ! current_user_can( 'manage_options' ) ) {
			return;
		}
		echo '<div class="wrap"><h1>' . esc_html__( 'Gatepost events', 'gatepost' ) . '</h1>';
		self::show_notice();
		$filter = self::filter();
		if ( array() !== Gatepost_Tables::missing() ) {
			echo '<div class="notice notice-error"><p>' . esc_html__( 'Gatepost\'s tables are missing: see Tools → Site Health.', 'gatepost' ) . '</p></div>';
		} elseif ( ! empty( $filter['arrival'] ) ) {
			Gatepost_Admin_Detail::arrival( Gatepost_Arrivals::get( $filter['arrival'] ) );
		} elseif ( ! empty( $filter['order'] ) ) {
			Gatepost_Admin_Detail::order( Gatepost_Order_Queries::get( $filter['order'] ) );
		} else {
			self::show_list( $filter );
		}
		echo '</div>';
	}

	/**
	 * POST admin-post.php: has one failed order event, or all, tried again.
	 */
	public static function retry(): void {
		if ( ! current_user_can( 'manage_options' ) ) {
			wp_die( esc_html__( 'You may not do that.', 'gatepost' ), '', array( 'response' => 403 ) );
		}
		check_admin_referer( self::RETRY );
		$id    = isset( $_POST['order'] ) ? absint( wp_unslash( $_POST['order'] ) ) : 0;
		$count = Gatepost_Order_Queries::retry( 0 === $id ? null : $id );
		wp_safe_redirect( self::url( array( 'tab' => 'orders', 'order' => 0 === $id ? '' : $id, 'retried' => $count ) ) );
		exit;
	}

	/**
	 * The form that has order events tried again.
	 *
	 * @param int $id One, or 0 for all that failed.
	 */
	public static function retry_form( int $id ): string {
		return sprintf(
			'<form method="post" action="%s"><input type="hidden" name="action" value="%s"><input type="hidden" name="order" value="%d">%s<button type="submit" class="button">%s</button></form>',
			esc_url( admin_url( 'admin-post.php' ) ),
			esc_attr( self::RETRY ),
			$id,
			// One field a row: no ids that would stand there twice.
			sprintf( '<input type="hidden" name="_wpnonce" value="%s">', esc_attr( wp_create_nonce( self::RETRY ) ) ),
			0 === $id ? esc_html__( 'Try all failed ones again', 'gatepost' ) : esc_html__( 'Try again', 'gatepost' ) . sprintf( '<span class="screen-reader-text"> %d</span>', $id )
		);
	}

	/**
	 * A moment for people and for programs.
	 *
	 * @param int $ms In ms.
	 */
	public static function time( int $ms ): string {
		return sprintf( '<time datetime="%s">%s</time>', esc_attr( gmdate( 'Y-m-d\TH:i:s\Z', intdiv( $ms, 1000 ) ) ), esc_html( wp_date( 'Y-m-d H:i:s', intdiv( $ms, 1000 ) ) ) );
	}

	/**
	 * Links to the user and the order event that an item touched.
	 *
	 * @param array $row An arrival.
	 */
	public static function touched( array $row ): string {
		$links = array();
		if ( 0 !== (int) $row['user_id'] ) {
			/* translators: %d: a user's number. */
			$text    = sprintf( __( 'User %d', 'gatepost' ), (int) $row['user_id'] );
			$url     = get_edit_user_link( (int) $row['user_id'] );
			$links[] = '' === $url ? esc_html( $text ) : sprintf( '<a href="%s">%s</a>', esc_url( $url ), esc_html( $text ) );
		}
		if ( 0 !== (int) $row['order_id'] ) {
			/* translators: %d: an order event's number. */
			$links[] = sprintf( '<a href="%s">%s</a>', esc_url( self::url( array( 'order' => (int) $row['order_id'] ) ) ), esc_html( sprintf( __( 'Order event %d', 'gatepost' ), (int) $row['order_id'] ) ) );
		}
		return implode( ', ', $links );
	}

	/**
	 * An outcome or state in the reader's language.
	 *
	 * @param string $word As stored.
	 */
	public static function word( string $word ): string {
		$words = array(
			'applied'   => __( 'applied', 'gatepost' ),
			'queued'    => __( 'queued', 'gatepost' ),
			'duplicate' => __( 'duplicate', 'gatepost' ),
			'stale'     => __( 'stale', 'gatepost' ),
			'refused'   => __( 'refused', 'gatepost' ),
			'pending'   => __( 'pending', 'gatepost' ),
			'done'      => __( 'done', 'gatepost' ),
			'failed'    => __( 'failed', 'gatepost' ),
		);
		return $words[ $word ] ?? $word;
	}

	/**
	 * What the address asks for, checked. It changes nothing, so it needs no nonce.
	 */
	private static function filter(): array {
		// phpcs:disable WordPress.Security.NonceVerification
		$text   = static fn( string $name ) => isset( $_GET[ $name ] ) && is_string( $_GET[ $name ] ) ? sanitize_text_field( wp_unslash( $_GET[ $name ] ) ) : '';
		$one_of = static fn( string $name, array $allowed ) => in_array( $text( $name ), $allowed, true ) ? $text( $name ) : '';
		$filter = array(
			'tab'     => $one_of( 'tab', array( 'orders' ) ),
			'outcome' => $one_of( 'outcome', Gatepost_Arrivals::OUTCOMES ),
			'status'  => $one_of( 'status', Gatepost_Order_Queries::STATUSES ),
			'search'  => substr( $text( 's' ), 0, 1000 ),
		);
		// phpcs:enable
		foreach ( array( 'arrival', 'order', 'before', 'after', 'user_id' ) as $name ) {
			$filter[ $name ] = absint( $text( $name ) );
		}
		return array_filter( $filter );
	}

	/**
	 * Shows a list.
	 *
	 * @param array $filter What the address asks for.
	 */
	private static function show_list( array $filter ): void {
		$orders = 'orders' === ( $filter['tab'] ?? '' );
		$table  = $orders ? new Gatepost_Orders_Table( $filter ) : new Gatepost_Arrivals_Table( $filter );
		$tabs   = array( '' => __( 'Arrivals', 'gatepost' ), 'orders' => __( 'Order events', 'gatepost' ) );
		printf( '<nav class="nav-tab-wrapper" aria-label="%s">', esc_attr__( 'Lists', 'gatepost' ) );
		foreach ( $tabs as $tab => $title ) {
			$current = ( $filter['tab'] ?? '' ) === $tab;
			printf( '<a class="nav-tab%s" href="%s"%s>%s</a>', $current ? ' nav-tab-active' : '', esc_url( self::url( array( 'tab' => $tab ) ) ), $current ? ' aria-current="page"' : '', esc_html( $title ) );
		}
		echo '</nav>';
		if ( $orders && Gatepost_Orders::count( 'failed' ) > 0 ) {
			echo '<div style="margin:1em 0">' . self::retry_form( 0 ) . '</div>'; // phpcs:ignore WordPress.Security.EscapeOutput -- escaped there.
		}
		$table->prepare_items();
		$table->views();
		echo '<form method="get">';
		foreach ( array( 'page' => self::PAGE ) + array_intersect_key( $filter, array( 'tab' => 0, 'outcome' => 0, 'status' => 0 ) ) as $name => $value ) {
			printf( '<input type="hidden" name="%s" value="%s">', esc_attr( $name ), esc_attr( (string) $value ) );
		}
		$table->search_box( $orders ? __( 'Find a key or event id', 'gatepost' ) : __( 'Find a key, event id or request id', 'gatepost' ), 'gatepost' );
		echo '</form>';
		$table->display();
	}

	/**
	 * Tells what the last request did.
	 */
	private static function show_notice(): void {
		if ( isset( $_GET['retried'] ) ) { // phpcs:ignore WordPress.Security.NonceVerification -- a number to show.
			$count = absint( wp_unslash( $_GET['retried'] ) ); // phpcs:ignore WordPress.Security.NonceVerification
			/* translators: %d: a number of order events. */
			printf( '<div class="notice notice-success" role="status"><p>%s</p></div>', esc_html( sprintf( _n( '%d order event is tried again.', '%d order events are tried again.', $count, 'gatepost' ), $count ) ) );
		}
	}
}
