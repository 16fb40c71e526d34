<?php
/**
 * A database error.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * What the database said. The number is 0 where wpdb kept the words alone.
 */
final class Gatepost_Db_Error extends RuntimeException {

	private const LOCK_WAIT    = 1205;
	private const DEADLOCK     = 1213;
	private const NO_SAVEPOINT = 1305;
	private const GONE         = array( 2006, 2013 );

	/**
	 * Makes one.
	 *
	 * @param int    $number  MySQL's.
	 * @param string $message MySQL's.
	 */
	public function __construct( int $number, string $message ) {
		if ( 0 === $number ) {
			$number = self::number_from( $message );
		}
		parent::__construct( $message, $number );
	}

	/**
	 * The transaction is gone: a deadlock rolls all of it back, not only the statement.
	 *
	 * @param string $why Words.
	 */
	public static function lost( string $why ): self {
		return new self( self::DEADLOCK, $why );
	}

	/**
	 * Whether trying again may help.
	 */
	public function is_transient(): bool {
		return self::LOCK_WAIT === $this->code || $this->ends_transaction();
	}

	/**
	 * Whether the whole transaction was rolled back.
	 */
	public function ends_transaction(): bool {
		return self::DEADLOCK === $this->code || in_array( $this->code, self::GONE, true );
	}

	/**
	 * Whether a savepoint was named that there is not.
	 */
	public function is_no_savepoint(): bool {
		return self::NO_SAVEPOINT === $this->code;
	}

	/**
	 * The number, from the words.
	 *
	 * @param string $message MySQL's.
	 */
	private static function number_from( string $message ): int {
		$known = array(
			'Deadlock found'    => self::DEADLOCK,
			'Lock wait timeout' => self::LOCK_WAIT,
			'has gone away'     => 2006,
			'Lost connection'   => 2013,
			'SAVEPOINT'         => self::NO_SAVEPOINT,
		);
		foreach ( $known as $words => $number ) {
			if ( false !== strpos( $message, $words ) ) {
				return $number;
			}
		}
		return 0;
	}
}
