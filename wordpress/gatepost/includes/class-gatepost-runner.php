<?php
/**
 * Does items.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Does one item or a hundred in one database transaction: one commit for all of them, a savepoint for each.
 */
final class Gatepost_Runner {

	/**
	 * How often a transaction is tried that the database gave up (a deadlock with another request).
	 */
	private const TRIES = 3;

	/**
	 * X-Request-Id.
	 *
	 * @var string
	 */
	private string $request_id;

	/**
	 * The transaction.
	 *
	 * @var Gatepost_Transaction
	 */
	private Gatepost_Transaction $transaction;

	/**
	 * When items are no longer started, in seconds since 1970.
	 *
	 * @var float
	 */
	private float $deadline;

	/**
	 * Makes one.
	 *
	 * @param string $request_id X-Request-Id.
	 */
	public function __construct( string $request_id ) {
		$this->request_id = $request_id;
		/**
		 * After how many seconds a batch starts no more items. Those are answered 503 and the others committed, so that
		 * a slow site gets on instead of running into time-outs with the same batch for ever.
		 *
		 * @param float $seconds Seconds; less than the gateway waits.
		 */
		$this->deadline = microtime( true ) + (float) apply_filters( 'gatepost_batch_seconds', 15 );
	}

	/**
	 * Does items, in order.
	 *
	 * @param Gatepost_Item[] $items Items.
	 * @return array[] One result each, in order.
	 * @throws Gatepost_Db_Error When nothing at all was done.
	 */
	public function run( array $items ): array {
		for ( $try = 1; ; $try++ ) {
			try {
				$results = $this->attempt( $items );
				break;
			} catch ( Gatepost_Db_Error $error ) {
				$this->transaction->roll_back();
				if ( self::TRIES === $try || ! $error->ends_transaction() ) {
					throw $error;
				}
				usleep( random_int( 5000, 50000 ) );
			}
		}
		Gatepost_After::run( $items, $results );
		return $results;
	}

	/**
	 * One try at the whole transaction.
	 *
	 * @param Gatepost_Item[] $items Items.
	 */
	private function attempt( array $items ): array {
		$this->transaction = Gatepost_Transaction::begin();
		$results           = array();
		foreach ( $items as $item ) {
			$late      = array() !== $results && microtime( true ) > $this->deadline;
			$results[] = array( 'idempotency_key' => $item->key ) + ( $late ? Gatepost_Result::out_of_time() : $this->one( $item ) );
		}
		Gatepost_Arrivals::record( $items, $results, $this->request_id );
		$this->transaction->commit();
		return $results;
	}

	/**
	 * One item, whatever happens in it.
	 *
	 * @param Gatepost_Item $item The item.
	 * @throws Gatepost_Db_Error When the whole transaction is lost.
	 */
	private function one( Gatepost_Item $item ): array {
		try {
			$item->check();
		} catch ( Gatepost_Refusal $refusal ) {
			return Gatepost_Result::refused( $refusal->status, $refusal->error() );
		}
		if ( $item->is_self_test() ) {
			return Gatepost_Result::applied( array( 'note' => 'self-test' ) );
		}
		$this->transaction->start_item();
		try {
			return $this->claim_and_do( $item );
		} catch ( Gatepost_Refusal $refusal ) {
			$result = Gatepost_Result::refused( $refusal->status, $refusal->error() );
		} catch ( Gatepost_Db_Error $error ) {
			if ( $error->ends_transaction() ) {
				throw $error;
			}
			$result = Gatepost_Result::database_error( $error );
		} catch ( Throwable $fault ) {
			$result = Gatepost_Result::fault( $fault );
		}
		$this->undo( $item );
		return $result;
	}

	/**
	 * Claims the key and does the work.
	 *
	 * @param Gatepost_Item $item The item.
	 * @throws Gatepost_Db_Error When the transaction is lost.
	 */
	private function claim_and_do( Gatepost_Item $item ): array {
		$mark  = Gatepost_Db::mark();
		$guess = 'order-event' === $item->route ? Gatepost_Result::queued() : Gatepost_Result::applied();
		if ( ! Gatepost_Keys::claim( $item, $guess['outcome'], $guess['status'], $this->request_id ) ) {
			$first = Gatepost_Keys::first( $item );
			if ( null === $first ) {
				// INSERT IGNORE turns errors into warnings; nothing was stored, so nothing is done.
				throw new Gatepost_Db_Error( 0, 'the idempotency key could not be stored' );
			}
			$this->transaction->keep_item();
			return Gatepost_Result::duplicate( $first['outcome'], (int) $first['status'], Gatepost_Arrivals::touched_by_first( $item ) );
		}
		$result = $this->effect( $item, $mark );
		if ( $guess['outcome'] !== $result['outcome'] ) {
			Gatepost_Keys::settle( $item, $result['outcome'] );
		}
		// A plugin that hooks into saving a user may commit by itself (CREATE TABLE does). Our key is stored then.
		if ( ! $this->transaction->keep_item() && null === Gatepost_Keys::first( $item ) ) {
			throw Gatepost_Db_Error::lost( 'the transaction was rolled back by something else' );
		}
		return $result;
	}

	/**
	 * Does the work itself.
	 *
	 * WordPress's functions keep database errors to themselves, and what goes wrong afterwards may look like a refusal,
	 * which is final. So a database error that happened is thrown in place of it.
	 *
	 * @param Gatepost_Item $item The item.
	 * @param int           $mark What Gatepost_Db::mark() gave before.
	 * @throws Throwable What went wrong.
	 */
	private function effect( Gatepost_Item $item, int $mark ): array {
		try {
			$result = 'order-event' === $item->route ? Gatepost_Orders::queue( $item ) : Gatepost_User_Sync::apply( $item );
		} catch ( Gatepost_Db_Error $error ) {
			throw $error;
		} catch ( Throwable $fault ) {
			Gatepost_Db::check_since( $mark );
			throw $fault;
		}
		Gatepost_Db::check_since( $mark );
		return $result;
	}

	/**
	 * Undoes an item that failed.
	 *
	 * @param Gatepost_Item $item The item.
	 * @throws Gatepost_Db_Error When the transaction is lost.
	 */
	private function undo( Gatepost_Item $item ): void {
		if ( $this->transaction->undo_item() ) {
			// On tables without transactions nothing was undone: at least the item can be tried again.
			Gatepost_Keys::release( $item );
			return;
		}
		if ( null === Gatepost_Keys::first( $item ) ) {
			throw Gatepost_Db_Error::lost( 'the transaction was rolled back by something else' );
		}
		// Committed by something else: without its key the item can be tried again.
		Gatepost_Keys::release( $item );
	}
}
