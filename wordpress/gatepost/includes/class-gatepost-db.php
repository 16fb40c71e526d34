<?php
/**
 * Queries that fail loudly.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Runs a query through wpdb and throws where wpdb returns false. Callers prepare.
 */
final class Gatepost_Db {

	/**
	 * Runs a query.
	 *
	 * @param string $sql Prepared.
	 * @return int Rows changed or found.
	 * @throws Gatepost_Db_Error When it fails.
	 */
	public static function run( string $sql ): int {
		global $wpdb;
		$shown = $wpdb->suppress_errors( true );
		// phpcs:ignore WordPress.DB -- callers prepare.
		$rows = $wpdb->query( $sql );
		$wpdb->suppress_errors( $shown );
		if ( false === $rows ) {
			throw new Gatepost_Db_Error( self::code(), (string) $wpdb->last_error );
		}
		return (int) $rows;
	}

	/**
	 * All rows that a query finds.
	 *
	 * @param string $sql Prepared.
	 * @return array[] Rows by column name.
	 */
	public static function rows( string $sql ): array {
		global $wpdb;
		self::run( $sql );
		return array_map( static fn( $row ) => (array) $row, $wpdb->last_result );
	}

	/**
	 * The first row, or null.
	 *
	 * @param string $sql Prepared.
	 */
	public static function row( string $sql ): ?array {
		return self::rows( $sql )[0] ?? null;
	}

	/**
	 * A place in the list of errors that wpdb keeps.
	 */
	public static function mark(): int {
		global $EZSQL_ERROR; // phpcs:ignore WordPress.NamingConventions.ValidVariableName
		return is_array( $EZSQL_ERROR ) ? count( $EZSQL_ERROR ) : 0; // phpcs:ignore WordPress.NamingConventions.ValidVariableName
	}

	/**
	 * Throws the error that WordPress's own functions met since the mark and did not tell of. Errors of other plugins'
	 * tables are theirs, unless they ended the transaction.
	 *
	 * @param int $mark What mark() gave.
	 * @throws Gatepost_Db_Error When there was one.
	 */
	public static function check_since( int $mark ): void {
		global $wpdb, $EZSQL_ERROR; // phpcs:ignore WordPress.NamingConventions.ValidVariableName
		foreach ( array_slice( (array) $EZSQL_ERROR, $mark ) as $met ) { // phpcs:ignore WordPress.NamingConventions.ValidVariableName
			$error = new Gatepost_Db_Error( 0, (string) $met['error_str'] );
			$query = (string) $met['query'];
			if ( $error->is_transient() || false !== strpos( $query, $wpdb->users ) || false !== strpos( $query, $wpdb->usermeta )
				|| false !== strpos( $query, $wpdb->prefix . 'gatepost_' ) ) {
				throw $error;
			}
		}
	}

	/**
	 * The number of the last error.
	 */
	private static function code(): int {
		global $wpdb;
		return $wpdb->dbh instanceof mysqli ? mysqli_errno( $wpdb->dbh ) : 0;
	}
}
