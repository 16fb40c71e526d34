<?php
/**
 * Order events.
 *
 * @package Gatepost
 */

/**
 * Queued at once, worked on by WP-Cron, in order for each user.
 */
final class OrderTest extends Gatepost_Rest_Test_Case {

	private function log( string $event_id ): array {
		return array_column( $this->site()->rows( 'SELECT hook FROM gatepost_test_log WHERE event_id = ? ORDER BY id', array( $event_id ) ), 'hook' );
	}

	private function row( string $event_id ): array {
		return $this->site()->rows( 'SELECT * FROM wp_gatepost_orders WHERE event_id = ?', array( $event_id ) )[0];
	}

	private function queue( array $payloads ): void {
		$results = $this->batch( array_map( static fn( $payload ) => self::item( $payload ), $payloads ) );
		self::assertSame( array( 'queued' ), array_unique( array_column( $results, 'outcome' ) ), json_encode( $results ) );
		self::assertSame( array( 202 ), array_unique( array_column( $results, 'status' ) ) );
	}

	public function test_wordpress_starts_the_work_by_itself(): void {
		$payload = self::order( array( 'data' => array( 'note' => "naïve \"quotes\" \\ 🐘\n" ) ) );
		$crontab = (int) file_get_contents( getenv( 'GATEPOST_SITE' ) . '/run/cron.pid' );
		// Only WordPress's loopback request may do it: the site's crontab stands still meanwhile.
		posix_kill( $crontab, SIGSTOP );
		try {
			$answer = $this->site()->send( 'POST', 'order-event', json_encode( $payload ), array( 'Idempotency-Key' => self::id( 'key' ) ) );
			self::assertSame( array( 202, 'queued' ), array( $answer['status'], $answer['json']['outcome'] ) );
			$until = microtime( true ) + 20;
			while ( 'done' !== $this->row( $payload['event_id'] )['status'] ) {
				self::assertLessThan( $until, microtime( true ), 'WP-Cron was not started' );
				usleep( 50000 );
			}
		} finally {
			posix_kill( $crontab, SIGCONT );
		}
		self::assertSame( array( 'try', 'done', 'typed' ), $this->log( $payload['event_id'] ) );
		self::assertSame( $payload['data']['note'], json_decode( $this->row( $payload['event_id'] )['payload'], true )['data']['note'] );
	}

	/**
	 * A cron request that died, or never came through, leaves WordPress's lock standing for a minute.
	 */
	public function test_a_lock_that_nobody_holds_stops_nothing(): void {
		$lock    = sprintf( '%.22F', microtime( true ) );
		$set     = "INSERT INTO wp_options (option_name, option_value, autoload) VALUES ('_transient_doing_cron', ?, 'yes') ON DUPLICATE KEY UPDATE option_value = ?";
		$payload = self::order();
		$this->site()->rows( $set, array( $lock, $lock ) );
		$this->queue( array( $payload ) );
		$this->cron_until( fn() => 'done' === $this->row( $payload['event_id'] )['status'], 'work in spite of the lock', 10 );
		$left = $this->site()->rows( "SELECT option_value FROM wp_options WHERE option_name = '_transient_doing_cron'" );
		$this->site()->rows( "DELETE FROM wp_options WHERE option_name = '_transient_doing_cron'" );
		self::assertSame( $lock, $left[0]['option_value'] ?? '', 'the lock stood all the while' );
	}

	public function test_a_failing_listener_holds_up_its_user_alone(): void {
		$actor  = array( 'actor' => array( 'id' => self::id( 'cus' ) ) );
		$first  = self::order( $actor + array( 'data' => array( 'fail_times' => 2 ) ) );
		$second = self::order( $actor );
		$other  = self::order();
		$this->queue( array( $first, $second, $other ) );
		$this->cron_until( fn() => 'done' === $this->row( $other['event_id'] )['status'], 'the other user' );
		$this->cron_until( fn() => 'done' === $this->row( $second['event_id'] )['status'], 'the second event' );
		self::assertSame( array( 'try', 'try', 'try', 'done', 'typed' ), $this->log( $first['event_id'] ) );
		self::assertSame( array( 'try', 'done', 'typed' ), $this->log( $second['event_id'] ) );
		self::assertSame( 3, (int) $this->row( $first['event_id'] )['attempts'] );
		$order = array_column( $this->site()->rows( "SELECT event_id FROM gatepost_test_log WHERE hook = 'done' AND event_id IN (?, ?) ORDER BY id", array( $first['event_id'], $second['event_id'] ) ), 'event_id' );
		self::assertSame( array( $first['event_id'], $second['event_id'] ), $order );
	}

	public function test_a_listener_that_kills_php_stops_nobody(): void {
		$deadly = self::order( array( 'data' => array( 'fatal_times' => 1 ) ) );
		$other  = self::order();
		$this->queue( array( $deadly, $other ) );
		$this->cron_until( fn() => 'done' === $this->row( $other['event_id'] )['status'] && 'done' === $this->row( $deadly['event_id'] )['status'], 'both' );
		self::assertSame( array( 'try', 'try', 'done', 'typed' ), $this->log( $deadly['event_id'] ) );
	}

	public function test_five_attempts_and_then_the_next_one_goes_on(): void {
		$actor  = array( 'actor' => array( 'id' => self::id( 'cus' ) ) );
		$poison = self::order( $actor + array( 'data' => array( 'fail_times' => 99 ) ) );
		$next   = self::order( $actor );
		$this->queue( array( $poison, $next ) );
		$this->cron_until( fn() => 'done' === $this->row( $next['event_id'] )['status'], 'the next event', 30 );
		self::assertSame( array_fill( 0, 5, 'try' ), $this->log( $poison['event_id'] ) );
		$row = $this->row( $poison['event_id'] );
		self::assertSame( array( 'failed', 'RuntimeException: the listener is not ready' ), array( $row['status'], $row['last_error'] ) );
		// A row that has failed for good is not in the way of the other tests' status.
		$this->site()->rows( 'DELETE FROM wp_gatepost_orders WHERE id = ?', array( $row['id'] ) );
	}

	public function test_many_runs_at_once_work_on_each_event_once(): void {
		$orders = array_map( static fn() => self::order(), range( 1, 40 ) );
		$this->queue( $orders );
		// Our own requests of the worker's hook beside WordPress's lock: see tests/site/mu-plugin.php.
		$this->site()->send_all( array_fill( 0, 6, array( 'GET', '/?gatepost_test=work', null, array(), array() ) ) );
		$this->cron_until( fn() => array() === array_filter( $orders, fn( $order ) => 'done' !== $this->row( $order['event_id'] )['status'] ), 'all' );
		foreach ( $orders as $order ) {
			self::assertSame( array( 'try', 'done', 'typed' ), $this->log( $order['event_id'] ) );
		}
	}

	/**
	 * Events of one order keep their order also where not each names the person, or none does.
	 */
	public function test_events_of_one_order_keep_their_order(): void {
		$subject = array( 'subject' => array( 'id' => self::id( 'in' ), 'type' => 'invoice' ) );
		$nobody  = array( 'actor' => array( 'id' => null, 'email' => null ) );
		$first   = self::order( $subject + array( 'data' => array( 'fail_times' => 2 ) ) );
		$second  = self::order( $subject + $nobody );
		$third   = self::order( $subject + $nobody );
		$other   = self::order( $nobody + array( 'subject' => array( 'id' => $subject['subject']['id'], 'type' => 'deal' ) ) );
		$this->queue( array( $first, $second, $third, $other ) );
		$this->cron_until( fn() => 'done' === $this->row( $third['event_id'] )['status'] && 'done' === $this->row( $other['event_id'] )['status'], 'the third event' );
		$ids  = array( $first['event_id'], $second['event_id'], $third['event_id'], $other['event_id'] );
		$done = array_column( $this->site()->rows( "SELECT event_id FROM gatepost_test_log WHERE hook = 'done' AND event_id IN (?, ?, ?, ?) ORDER BY id", $ids ), 'event_id' );
		self::assertSame( array( $ids[3], $ids[0], $ids[1], $ids[2] ), $done, 'the other subject waits for nobody' );
	}

	/**
	 * Where Action Scheduler is there it is asked to run the worker, once for a batch, and it does run it.
	 */
	public function test_action_scheduler(): void {
		$order  = self::order();
		$before = (int) $this->site()->value( 'SELECT COALESCE(MAX(id), 0) FROM gatepost_test_log' );
		$answer = $this->site()->send( 'POST', 'batch', json_encode( array( 'items' => array( self::item( $order ), self::item( self::order() ) ) ) ), array( 'X-Test-Scheduler' => '1' ) );
		self::assertSame( 'queued', $answer['json']['results'][0]['outcome'], $answer['body'] );
		$calls = $this->site()->rows( "SELECT hook, event_id FROM gatepost_test_log WHERE id > ? AND hook LIKE 'as\_%'", array( $before ) );
		self::assertSame( array( array( 'hook' => 'as_async', 'event_id' => 'gatepost_work_orders gatepost []' ) ), $calls );
		// What Action Scheduler does when its time has come.
		$this->site()->send( 'GET', '/?gatepost_test=action', null, array(), array() );
		$this->cron_until( fn() => 'done' === $this->row( $order['event_id'] )['status'], 'the order event' );
	}
}
