<?php
/**
 * What an item came to.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Results, as the gateway reads them: status, outcome, error, and fields for people.
 */
final class Gatepost_Result {

	/**
	 * A user is in step.
	 *
	 * @param array $more More fields.
	 */
	public static function applied( array $more = array() ): array {
		return self::make( 200, 'applied', null, $more );
	}

	/**
	 * An order waits for WP-Cron.
	 *
	 * @param array $more More fields.
	 */
	public static function queued( array $more = array() ): array {
		return self::make( 202, 'queued', null, $more );
	}

	/**
	 * Older than what has been applied.
	 *
	 * @param array $more More fields.
	 */
	public static function stale( array $more = array() ): array {
		return self::make( 200, 'stale', null, $more );
	}

	/**
	 * Done before: tells what the first one was told.
	 *
	 * @param string $outcome What it came to then.
	 * @param int    $status  Its status then.
	 * @param array  $touched `user_id` or `order_id`, where known.
	 */
	public static function duplicate( string $outcome, int $status, array $touched ): array {
		$first = array(
			'first_outcome' => $outcome,
			'first_status'  => $status,
		);
		return self::make( 200, 'duplicate', null, $first + $touched );
	}

	/**
	 * Not done.
	 *
	 * @param int    $status HTTP status.
	 * @param string $error  "code: words".
	 */
	public static function refused( int $status, string $error ): array {
		return self::make( $status, 'refused', $error, array() );
	}

	/**
	 * Not begun, because the items before it took too long.
	 */
	public static function out_of_time(): array {
		return self::refused( 503, 'gatepost_out_of_time: ' . __( 'The items before this one took too long; send it again.', 'gatepost' ) );
	}

	/**
	 * Not done, because of the database.
	 *
	 * @param Gatepost_Db_Error $error What it said. Its words may hold data, so they go to PHP's log alone.
	 */
	public static function database_error( Gatepost_Db_Error $error ): array {
		if ( $error->is_transient() ) {
			return self::refused( 503, 'gatepost_database_busy: ' . __( 'Another request holds the same rows.', 'gatepost' ) );
		}
		error_log( 'gatepost: database error ' . $error->getCode() . ': ' . $error->getMessage() ); // phpcs:ignore WordPress.PHP.DevelopmentFunctions
		/* translators: %d: MySQL's error number. */
		return self::refused( 500, 'gatepost_database_error: ' . sprintf( __( 'The database refused a statement (error %d); see PHP\'s error log.', 'gatepost' ), $error->getCode() ) );
	}

	/**
	 * Not done, because PHP code failed, ours or a plugin's that hooks into what we do.
	 *
	 * @param Throwable $fault What was thrown.
	 */
	public static function fault( Throwable $fault ): array {
		$where = basename( $fault->getFile() ) . ':' . $fault->getLine();
		error_log( 'gatepost: ' . get_class( $fault ) . ' at ' . $fault->getFile() . ':' . $fault->getLine() . ': ' . $fault->getMessage() ); // phpcs:ignore WordPress.PHP.DevelopmentFunctions
		/* translators: 1: a PHP class, 2: file and line. */
		return self::refused( 500, 'gatepost_item_failed: ' . sprintf( __( '%1$s at %2$s; see PHP\'s error log.', 'gatepost' ), get_class( $fault ), $where ) );
	}

	/**
	 * Makes a result.
	 *
	 * @param int         $status  HTTP status.
	 * @param string      $outcome The contract's word.
	 * @param string|null $error   "code: words", or null.
	 * @param array       $more    More fields.
	 */
	private static function make( int $status, string $outcome, ?string $error, array $more ): array {
		return array(
			'status'  => $status,
			'outcome' => $outcome,
			'error'   => $error,
		) + $more;
	}
}
