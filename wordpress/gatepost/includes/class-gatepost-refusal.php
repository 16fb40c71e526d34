<?php
/**
 * A refusal.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Why a request or an item is not done: a code for programs, words for people, an HTTP status for the gateway.
 */
final class Gatepost_Refusal extends Exception {

	/**
	 * The code.
	 *
	 * @var string
	 */
	public string $reason;

	/**
	 * The HTTP status.
	 *
	 * @var int
	 */
	public int $status;

	/**
	 * Makes one.
	 *
	 * @param string $reason  Code, gatepost_….
	 * @param string $message Words.
	 * @param int    $status  HTTP status.
	 */
	public function __construct( string $reason, string $message, int $status ) {
		parent::__construct( $message );
		$this->reason = $reason;
		$this->status = $status;
	}

	/**
	 * Code and words, as a result's `error` has them.
	 */
	public function error(): string {
		return $this->reason . ': ' . $this->getMessage();
	}

	/**
	 * As WordPress answers it.
	 *
	 * @param array $more More fields.
	 */
	public function to_wp_error( array $more = array() ): WP_Error {
		return new WP_Error( $this->reason, $this->getMessage(), array_merge( array( 'status' => $this->status ), $more ) );
	}
}
