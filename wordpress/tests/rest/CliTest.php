<?php
/**
 * WP-CLI.
 *
 * @package Gatepost
 */

/**
 * Each command of `wp gatepost`, with a stand-in for WP-CLI (tests/site/cli.php).
 */
final class CliTest extends Gatepost_Rest_Test_Case {

	private const QUERY = "SELECT option_value FROM wp_options WHERE option_name = 'gatepost_settings'";

	/**
	 * Runs a command: exit status, standard output, standard error.
	 */
	private function wp( array $words, string $input = '' ): array {
		$command = array_merge( array( PHP_BINARY, '-d', 'memory_limit=256M', dirname( __DIR__ ) . '/site/cli.php', $this->site()->env( 'WORDPRESS_ROOT' ), 'gatepost' ), $words );
		$process = proc_open( $command, array( array( 'pipe', 'r' ), array( 'pipe', 'w' ), array( 'pipe', 'w' ) ), $pipes );
		fwrite( $pipes[0], $input );
		fclose( $pipes[0] );
		$out = stream_get_contents( $pipes[1] );
		$err = stream_get_contents( $pipes[2] );
		return array( proc_close( $process ), $out, $err );
	}

	public function test_status(): void {
		list( $status, $out, $err ) = $this->wp( array( 'status' ) );
		self::assertSame( array( 0, '' ), array( $status, $err ), $out );
		self::assertStringContainsString( "auth_methods\tapp_password, hmac, token, jwt", $out );
		self::assertStringContainsString( "gatepost_tables\tgood", $out );
	}

	public function test_events(): void {
		$key = self::id( 'key' );
		$this->batch( array( self::item( self::order(), $key ) ) );
		list( $status, $out ) = $this->wp( array( 'events', 'list', "--search=$key", '--format=json' ) );
		$row                  = json_decode( $out, true );
		self::assertSame( array( 0, $key, 'queued' ), array( $status, $row['idempotency_key'], $row['outcome'] ), $out );
		self::assertMatchesRegularExpression( '/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/', $row['arrived_at'] );
		list( , $out ) = $this->wp( array( 'events', 'show', $row['id'] ) );
		self::assertStringContainsString( "order_event_type\tcharge.succeeded", $out );
		self::assertSame( $row['id'] . "\n", $this->wp( array( 'events', 'list', "--search=$key", '--format=ids' ) )[1] );
		self::assertSame( 1, $this->wp( array( 'events', 'list', '--outcome=good' ) )[0] );
		self::assertSame( 1, $this->wp( array( 'events', 'show', '999999999' ) )[0] );
	}

	public function test_retry_and_purge(): void {
		$orders = array();
		foreach ( array( 1, 2 ) as $number ) {
			$orders[ $number ] = $this->batch( array( self::item( self::order() ) ) )[0]['order_id'];
		}
		$status = fn( int $id ) => $this->site()->value( 'SELECT status FROM wp_gatepost_orders WHERE id = ?', array( $id ) );
		$this->cron_until( static fn() => 'done' === $status( $orders[1] ) && 'done' === $status( $orders[2] ), 'both' );
		$this->site()->rows( "UPDATE wp_gatepost_orders SET status = 'failed', attempts = 5 WHERE id IN (?, ?)", array_values( $orders ) );
		self::assertStringContainsString( (string) $orders[1], $this->wp( array( 'events', 'list', '--orders=failed', '--format=ids' ) )[1] );
		list( $code, $out, $err ) = $this->wp( array( 'events', 'retry', (string) $orders[1], '999999999' ) );
		self::assertSame( array( 0, "Success: Order events that are tried again: 1.\n", "Warning: Order event 999999999 has not failed.\n" ), array( $code, $out, $err ) );
		$this->cron_until( static fn() => 'done' === $status( $orders[1] ), 'the first one' );
		self::assertSame( 'failed', $status( $orders[2] ) );
		self::assertSame( 1, $this->wp( array( 'events', 'retry' ) )[0] );
		self::assertSame( 1, $this->wp( array( 'purge', '--failed-orders=0' ) )[0], 'not without a yes' );
		self::assertSame( 1, $this->wp( array( 'purge', '--failed-orders=all', '--yes' ) )[0] );
		list( $code, $out ) = $this->wp( array( 'purge', '--failed-orders=0', '--yes' ) );
		self::assertSame( 0, $code, $out );
		self::assertNull( $status( $orders[2] ) );
	}

	public function test_purge_removes_what_is_old_alone(): void {
		$old  = $this->batch( array( self::item( self::order() ), self::item( self::sync() ) ) );
		$new  = $this->batch( array( self::item( self::sync() ) ) );
		$days = static fn( int $days ) => ( time() - $days * 86400 ) * 1000;
		$this->site()->rows( 'UPDATE wp_gatepost_keys SET created_at = ? WHERE idempotency_key IN (?, ?)', array( $days( 91 ), $old[0]['idempotency_key'], $old[1]['idempotency_key'] ) );
		$this->site()->rows( "UPDATE wp_gatepost_orders SET received_at = ?, status = 'done' WHERE id = ?", array( $days( 31 ), $old[0]['order_id'] ) );
		// Old rows come before new ones.
		$this->site()->rows( 'UPDATE wp_gatepost_arrivals SET arrived_at = ? WHERE id < (SELECT MAX(id) FROM wp_gatepost_arrivals)', array( $days( 15 ) ) );
		self::assertSame( 0, $this->wp( array( 'purge' ) )[0] );
		$count = fn( string $table, string $key ) => (int) $this->site()->value( "SELECT COUNT(*) FROM wp_gatepost_$table WHERE idempotency_key = ?", array( $key ) );
		self::assertSame( array( 0, 0, 0 ), array( $count( 'keys', $old[0]['idempotency_key'] ), $count( 'orders', $old[0]['idempotency_key'] ), $count( 'arrivals', $old[1]['idempotency_key'] ) ) );
		self::assertSame( array( 1, 1 ), array( $count( 'keys', $new[0]['idempotency_key'] ), $count( 'arrivals', $new[0]['idempotency_key'] ) ) );
		self::assertSame( 0, (int) $this->site()->value( "SELECT COUNT(*) FROM wp_gatepost_users WHERE source = ''" ), 'locks on addresses go' );
	}

	public function test_the_tick_bounds_the_list_of_arrivals(): void {
		$last = $this->batch( array( self::item( self::sync() ) ) )[0]['idempotency_key'];
		$this->site()->rows( "INSERT INTO wp_gatepost_arrivals (arrived_at, route, idempotency_key, status, outcome) SELECT ?, 'user-sync', CONCAT('bulk-', seq), 503, 'refused' FROM seq_1_to_2500", array( time() * 1000 ) );
		$this->site()->send( 'GET', '/?gatepost_test=tick', null, array(), array() );
		self::assertLessThanOrEqual( 1000, (int) $this->site()->value( 'SELECT COUNT(*) FROM wp_gatepost_arrivals' ) );
		self::assertSame( 'bulk-2500', $this->site()->value( 'SELECT idempotency_key FROM wp_gatepost_arrivals ORDER BY id DESC LIMIT 1' ) );
		self::assertNull( $this->site()->value( 'SELECT 1 FROM wp_gatepost_arrivals WHERE idempotency_key = ?', array( $last ) ) );
	}

	public function test_secrets(): void {
		$before = $this->site()->value( self::QUERY );
		$secret = bin2hex( random_bytes( 16 ) );
		$body   = '{"items":[1]}';
		$good   = fn( string $secret ) => $this->site()->send( 'POST', 'batch', $body, array( 'X-Signature' => hash_hmac( 'sha256', $body, $secret ) ), array() )['status'];
		try {
			self::assertSame( 1, $this->wp( array( 'secrets', 'rotate' ) )[0] );
			self::assertSame( array( 0, "Success: The next secret is set, key id 2027.\n", '' ), $this->wp( array( 'secrets', 'set', 'next', '--kid=2027' ), "$secret\n" ) );
			self::assertSame( array( 200, 200 ), array( $good( $secret ), $good( $this->site()->env( 'HMAC_SHARED_SECRET' ) ) ) );
			$listed = $this->wp( array( 'secrets', 'list' ) )[1];
			self::assertStringContainsString( "next\t2027\t", $listed );
			self::assertStringNotContainsString( $secret, $listed );
			self::assertSame( 0, $this->wp( array( 'secrets', 'rotate' ) )[0] );
			self::assertSame( array( 200, 401 ), array( $good( $secret ), $good( $this->site()->env( 'HMAC_SHARED_SECRET' ) ) ) );
			self::assertSame( 1, $this->wp( array( 'secrets', 'set', 'next' ), "short\n" )[0] );
			self::assertSame( 1, $this->wp( array( 'secrets', 'set', 'other' ), "$secret\n" )[0] );
			self::assertSame( 0, $this->wp( array( 'secrets', 'set', 'token' ), "$secret\n" )[0] );
			self::assertSame( 200, $this->site()->send( 'GET', 'status', null, array( 'Authorization' => "Bearer $secret" ), array() )['status'] );
		} finally {
			$this->site()->rows( "UPDATE wp_options SET option_value = ? WHERE option_name = 'gatepost_settings'", array( $before ) );
		}
	}
}
