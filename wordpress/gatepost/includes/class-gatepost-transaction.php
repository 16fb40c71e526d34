<?php
/**
 * One transaction round many items.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * The database transaction of a request, with a savepoint for each item.
 *
 * It is opened by switching autocommit off instead of by START TRANSACTION: when the database or another plugin ends the
 * transaction under us, the statements after that still commit nothing by themselves.
 */
final class Gatepost_Transaction {

	/**
	 * The one that is open, for code that hooks run.
	 *
	 * @var self|null
	 */
	private static ?self $current = null;

	/**
	 * Users that were written since begin(): their cache entries are wrong after a rollback.
	 *
	 * @var array<int,true>
	 */
	private array $touched = array();

	/**
	 * How often wpdb would reconnect.
	 *
	 * @var int
	 */
	private int $reconnect_retries;

	/**
	 * Opens one.
	 */
	public static function begin(): self {
		$transaction = new self();
		// Read committed: after waiting for another request's lock we must see what it wrote.
		Gatepost_Db::run( 'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED' );
		Gatepost_Db::run( 'SET autocommit = 0, innodb_lock_wait_timeout = 5' );
		self::$current = $transaction;
		return $transaction;
	}

	/**
	 * Keeps wpdb from reconnecting: on a new connection, half of the items would be gone and the rest committed.
	 */
	private function __construct() {
		global $wpdb;
		$this->reconnect_retries = (int) $wpdb->reconnect_retries;
		$wpdb->reconnect_retries = 0;
		// A fatal error ends the request without a rollback of ours. The database rolls back; the cache does not.
		register_shutdown_function( array( $this, 'forget_touched' ) );
	}

	/**
	 * Notes that a user is being written.
	 *
	 * @param int $user_id The user.
	 */
	public static function touch( int $user_id ): void {
		if ( null !== self::$current ) {
			self::$current->touched[ $user_id ] = true;
		}
	}

	/**
	 * Starts an item.
	 */
	public function start_item(): void {
		Gatepost_Db::run( 'SAVEPOINT gatepost_item' );
	}

	/**
	 * Ends an item that is done.
	 *
	 * @return bool False when somebody ended the transaction meanwhile.
	 */
	public function keep_item(): bool {
		return $this->savepoint_query( 'RELEASE SAVEPOINT gatepost_item' );
	}

	/**
	 * Undoes an item.
	 *
	 * @return bool False when somebody ended the transaction meanwhile.
	 */
	public function undo_item(): bool {
		$undone = $this->savepoint_query( 'ROLLBACK TO SAVEPOINT gatepost_item' );
		$this->forget_touched();
		return $undone;
	}

	/**
	 * Makes everything durable. Only then is there an answer.
	 */
	public function commit(): void {
		Gatepost_Db::run( 'COMMIT' );
		$this->close();
		if ( wp_using_ext_object_cache() ) {
			// Somebody may have put a user's old state back into the cache before this commit.
			$this->forget_touched();
		}
		$this->touched = array();
	}

	/**
	 * Undoes everything.
	 */
	public function roll_back(): void {
		try {
			Gatepost_Db::run( 'ROLLBACK' );
			$this->close();
		} catch ( Gatepost_Db_Error $error ) {
			// No connection, no transaction. wpdb is left unable to reconnect: nothing more must be written.
			self::$current = null;
		}
		$this->forget_touched();
	}

	/**
	 * Takes the written users out of the cache.
	 */
	public function forget_touched(): void {
		array_map( array( self::class, 'forget' ), array_keys( $this->touched ) );
		$this->touched = array();
	}

	/**
	 * Takes a user out of the cache, the meta too: clean_user_cache() leaves that.
	 *
	 * @param int $user_id The user.
	 */
	public static function forget( int $user_id ): void {
		clean_user_cache( $user_id );
		wp_cache_delete( $user_id, 'user_meta' );
	}

	/**
	 * Back to a commit for each statement. Only after COMMIT or ROLLBACK: it would commit what is open.
	 */
	private function close(): void {
		global $wpdb;
		self::$current = null;
		Gatepost_Db::run( 'SET autocommit = 1' );
		$wpdb->reconnect_retries = $this->reconnect_retries;
	}

	/**
	 * Runs a statement on the savepoint.
	 *
	 * @param string $sql The statement.
	 * @return bool Whether the savepoint was there.
	 * @throws Gatepost_Db_Error For any other error.
	 */
	private function savepoint_query( string $sql ): bool {
		try {
			Gatepost_Db::run( $sql );
			return true;
		} catch ( Gatepost_Db_Error $error ) {
			if ( $error->is_no_savepoint() ) {
				return false;
			}
			throw $error;
		}
	}
}
