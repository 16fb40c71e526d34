<?php
/**
 * After the commit.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * What follows a commit: listeners hear of synced users, WP-Cron is started when orders were queued.
 *
 * Nothing here may fail the answer: the work is done.
 */
final class Gatepost_After {

	/**
	 * Runs it.
	 *
	 * @param Gatepost_Item[] $items   Items.
	 * @param array[]         $results Their results.
	 */
	public static function run( array $items, array $results ): void {
		$queued = false;
		foreach ( $results as $index => $result ) {
			$queued = $queued || 'queued' === $result['outcome'];
			if ( 'applied' === $result['outcome'] && ! empty( $result['user_id'] ) ) {
				self::tell( $result['user_id'], $items[ $index ]->payload );
			}
		}
		if ( array() !== array_filter( array_column( $results, 'created' ) ) && function_exists( 'wp_maybe_update_user_counts' ) ) {
			wp_maybe_update_user_counts();
		}
		if ( $queued ) {
			Gatepost_Schedule::work_now();
		}
	}

	/**
	 * Tells listeners of a synced user. They hear of it once at most: for work that must not be lost there are order events.
	 *
	 * @param int   $user_id The user.
	 * @param array $payload The payload.
	 */
	private static function tell( int $user_id, array $payload ): void {
		try {
			/**
			 * A user has been brought into step with an event.
			 *
			 * @param int   $user_id The user.
			 * @param array $payload The event.
			 */
			do_action( 'gatepost_user_synced', $user_id, $payload );
		} catch ( Throwable $fault ) {
			Gatepost_Result::fault( $fault );
		}
	}
}
