<?php
/**
 * WP-CLI: wp gatepost events.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Lists what has arrived, and brings failed order events back.
 */
final class Gatepost_Cli_Events {

	/**
	 * Lists arrivals, newest first, or order events in a state.
	 *
	 * ## OPTIONS
	 *
	 * [--outcome=<outcome>]
	 * : applied, queued, duplicate, stale or refused.
	 *
	 * [--orders=<state>]
	 * : Order events instead: pending, done or failed.
	 *
	 * [--search=<key>]
	 * : Only what has this key, event id or request id.
	 *
	 * [--before=<id>]
	 * : The page after the one that ended with this id.
	 *
	 * [--limit=<rows>]
	 * : At most so many, up to 1000.
	 * ---
	 * default: 50
	 * ---
	 *
	 * [--format=<format>]
	 * : table, csv, json, yaml, ids or count.
	 * ---
	 * default: table
	 * ---
	 *
	 * @subcommand list
	 *
	 * @param array $args  Words.
	 * @param array $assoc Options.
	 */
	public function list_( array $args, array $assoc ): void {
		$orders = $assoc['orders'] ?? '';
		$this->check_word( 'orders', $orders, Gatepost_Order_Queries::STATUSES );
		$this->check_word( 'outcome', $assoc['outcome'] ?? '', Gatepost_Arrivals::OUTCOMES );
		$filter = array(
			'outcome' => $assoc['outcome'] ?? '',
			'status'  => $orders,
			'search'  => $assoc['search'] ?? '',
			'before'  => (int) ( $assoc['before'] ?? 0 ),
		);
		$limit  = max( 1, min( 1000, (int) ( $assoc['limit'] ?? 50 ) ) );
		$rows   = '' === $orders ? Gatepost_Arrivals::find( $filter, $limit ) : Gatepost_Order_Queries::find( $filter, $limit );
		$fields = '' === $orders
			? array( 'id', 'arrived_at', 'route', 'outcome', 'status', 'event_type', 'user_id', 'order_id', 'idempotency_key', 'error' )
			: array( 'id', 'received_at', 'status', 'attempts', 'source', 'event_type', 'event_id', 'last_error' );
		$format = $assoc['format'] ?? 'table';
		WP_CLI\Utils\format_items( $format, 'ids' === $format ? array_column( $rows, 'id' ) : array_map( array( self::class, 'readable' ), $rows ), $fields );
	}

	/**
	 * Shows an arrival and the order event that it became.
	 *
	 * ## OPTIONS
	 *
	 * <id>
	 * : The arrival's id.
	 *
	 * [--format=<format>]
	 * : table, json or yaml.
	 * ---
	 * default: table
	 * ---
	 *
	 * @param array $args  Words.
	 * @param array $assoc Options.
	 */
	public function show( array $args, array $assoc ): void {
		$row = Gatepost_Arrivals::get( (int) $args[0] );
		if ( null === $row ) {
			WP_CLI::error( 'There is no arrival ' . (int) $args[0] . ': it may have been cleaned up.' );
		}
		$order = 0 === (int) $row['order_id'] ? null : Gatepost_Order_Queries::get( (int) $row['order_id'] );
		$pairs = self::readable( $row );
		foreach ( null === $order ? array() : self::readable( $order ) as $name => $value ) {
			$pairs[ "order_$name" ] = $value;
		}
		$rows = array();
		foreach ( $pairs as $name => $value ) {
			$rows[] = compact( 'name', 'value' );
		}
		WP_CLI\Utils\format_items( $assoc['format'] ?? 'table', $rows, array( 'name', 'value' ) );
	}

	/**
	 * Has order events tried again that failed five times, from the first attempt on.
	 *
	 * ## OPTIONS
	 *
	 * [<order>...]
	 * : Ids of order events: `wp gatepost events list --orders=failed`.
	 *
	 * [--all]
	 * : All that failed.
	 *
	 * @param array $args  Words.
	 * @param array $assoc Options.
	 */
	public function retry( array $args, array $assoc ): void {
		if ( ( array() === $args ) === empty( $assoc['all'] ) ) {
			WP_CLI::error( 'Name order events by their ids, or all of them by --all.' );
		}
		$count = 0;
		foreach ( array() === $args ? array( null ) : array_map( 'intval', $args ) as $id ) {
			$changed = Gatepost_Order_Queries::retry( $id );
			if ( null !== $id && 0 === $changed ) {
				WP_CLI::warning( "Order event $id has not failed." );
			}
			$count += $changed;
		}
		WP_CLI::success( "Order events that are tried again: $count." );
	}

	/**
	 * Refuses a word that is none of those allowed.
	 *
	 * @param string   $option  The option's name.
	 * @param string   $word    What was given, or empty.
	 * @param string[] $allowed Words.
	 */
	private function check_word( string $option, string $word, array $allowed ): void {
		if ( '' !== $word && ! in_array( $word, $allowed, true ) ) {
			WP_CLI::error( "--$option: expected " . implode( ', ', $allowed ) . ", found \"$word\"." );
		}
	}

	/**
	 * A row with its times in UTC.
	 *
	 * @param array $row The row.
	 */
	private static function readable( array $row ): array {
		foreach ( array( 'arrived_at', 'received_at', 'occurred_at', 'due_at', 'claimed_until', 'worked_at' ) as $name ) {
			if ( isset( $row[ $name ] ) ) {
				$row[ $name ] = 0 === (int) $row[ $name ] ? '' : gmdate( 'Y-m-d\TH:i:s\Z', intdiv( (int) $row[ $name ], 1000 ) );
			}
		}
		return $row;
	}
}
