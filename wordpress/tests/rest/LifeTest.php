<?php
/**
 * From activation to uninstall.
 *
 * @package Gatepost
 */

/**
 * On a single site and on a network, each a WordPress of its own under another table prefix (tests/site/lone-site.php).
 */
final class LifeTest extends Gatepost_Rest_Test_Case {

	private const GONE = array( 'tables' => 0, 'options' => array(), 'cron' => 0, 'role' => false );

	private string $prefix;

	protected function setUp(): void {
		$this->prefix = 'lone' . bin2hex( random_bytes( 3 ) ) . '_';
		$this->lone_site( 'install' );
	}

	protected function tearDown(): void {
		foreach ( $this->site()->rows( 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name LIKE ?', array( $this->prefix . '%' ) ) as $row ) {
			$this->site()->rows( "DROP TABLE `{$row['name']}`" );
		}
	}

	private function lone_site( string $what ): ?array {
		$command = array( PHP_BINARY, '-d', 'memory_limit=256M', dirname( __DIR__ ) . '/site/lone-site.php', $this->site()->env( 'WORDPRESS_ROOT' ), $this->prefix, $what );
		$process = proc_open( $command, array( 1 => array( 'pipe', 'w' ), 2 => array( 'pipe', 'w' ) ), $pipes );
		$out     = stream_get_contents( $pipes[1] );
		$err     = stream_get_contents( $pipes[2] );
		self::assertSame( 0, proc_close( $process ), $out . $err );
		return json_decode( $out, true );
	}

	private static function assert_there( array $state ): void {
		self::assertSame( array( 5, 2, true ), array( $state['tables'], $state['cron'], $state['role'] ), json_encode( $state ) );
		self::assertContains( 'gatepost_schema_version', $state['options'] );
	}

	public function test_single_site(): void {
		$seen = $this->lone_site( 'single' );
		self::assertSame( self::GONE, $seen['before'][1] );
		self::assert_there( $seen['activated'][1] );
		self::assertSame( array( 'applied', 'queued' ), $seen['pushed']['outcomes'] );
		self::assertGreaterThan( 0, $seen['meta'] );
		self::assertSame( array( 5, 0 ), array( $seen['deactivated'][1]['tables'], $seen['deactivated'][1]['cron'] ), 'deactivation keeps the data' );
		self::assertSame( self::GONE, $seen['uninstalled'][1] );
		self::assertSame( array( 0, true ), array( $seen['meta_left'], $seen['user_left'] ) );
	}

	/**
	 * A cluster's database has InnoDB alone.
	 */
	public function test_without_tables_in_memory(): void {
		$seen = $this->lone_site( 'innodb' );
		self::assert_there( $seen['activated'][1] );
		self::assertSame( array( 'applied', 'queued' ), $seen['pushed']['outcomes'] );
		self::assertSame( self::GONE, $seen['uninstalled'][1] );
	}

	public function test_network(): void {
		$seen = $this->lone_site( 'network' );
		self::assertSame( array( 1 => self::GONE, 2 => self::GONE ), $seen['two_sites'] );
		self::assert_there( $seen['activated'][1] );
		self::assert_there( $seen['activated'][2] );
		self::assert_there( $seen['new_site'][3] );
		// One event on two sites of a network: each does it once, for one user who is a member of both.
		self::assertSame( array( 'applied', 'queued' ), $seen['pushed_at_1']['outcomes'] );
		self::assertSame( array( 'applied', 'queued' ), $seen['pushed_at_3']['outcomes'] );
		self::assertSame( $seen['pushed_at_1']['user'], $seen['pushed_at_3']['user'] );
		self::assertSame( array( true, true ), array( $seen['pushed_at_1']['member'], $seen['pushed_at_3']['member'] ) );
		self::assertSame( array( 1, 1 ), array( $seen['done_at_3'], $seen['pending_at_1'] ) );
		self::assertSame( array(), $seen['left_of_4'] );
		foreach ( array( 1, 2, 3 ) as $site ) {
			self::assertSame( array( 5, 0 ), array( $seen['deactivated'][ $site ]['tables'], $seen['deactivated'][ $site ]['cron'] ) );
			self::assertSame( self::GONE, $seen['uninstalled'][ $site ], "site $site" );
		}
		self::assertSame( array( 0, true ), array( $seen['meta_left'], $seen['user_left'] ) );
	}
}
