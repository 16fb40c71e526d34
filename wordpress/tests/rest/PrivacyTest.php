<?php
/**
 * Personal data.
 *
 * @package Gatepost
 */

/**
 * What is kept of a person is exported, and erased.
 */
final class PrivacyTest extends Gatepost_Admin_Test_Case {

	private function tool( string $what, string $email ): array {
		return $this->site()->send( 'GET', "/?gatepost_test=$what&email=" . rawurlencode( $email ), null, self::with( array( 'meta_fields' => array( 'plan' ) ) ), array() )['json'];
	}

	public function test_export_and_erase(): void {
		$email = self::email();
		$actor = array( 'actor' => array( 'id' => self::id( 'cus' ), 'email' => $email, 'name' => '<b>Jane</b>' ) );
		$user  = $this->push( self::sync( $actor + array( 'data' => array( 'plan' => 'pro' ) ) ), array( 'meta_fields' => array( 'plan' ) ) )['user_id'];
		$other = $this->push( self::sync() )['user_id'];
		$order = $this->batch( array( self::item( self::order( $actor ) ) ) )[0]['order_id'];
		// One that names the provider's id alone.
		$bare  = $this->batch( array( self::item( self::order( array( 'actor' => array( 'id' => $actor['actor']['id'] ) ) ) ), self::item( self::order() ) ) );
		$this->cron_until( fn() => 'done' === $this->site()->value( 'SELECT status FROM wp_gatepost_orders WHERE id = ?', array( $bare[0]['order_id'] ) ), 'the order events' );

		$export = $this->tool( 'export', $email );
		self::assertTrue( $export['done'] );
		$groups = array_count_values( array_column( $export['data'], 'group_id' ) );
		self::assertSame( array( 2, 1, 1, 1 ), array( $groups['gatepost-orders'], $groups['gatepost-links'], $groups['gatepost-meta'], $groups['gatepost-arrivals'] ) );
		$text = json_encode( $export );
		self::assertStringContainsString( '"gatepost_plan","value":"pro"', $text );
		self::assertStringContainsString( '&lt;b&gt;Jane', $text );
		self::assertStringNotContainsString( '<b>', $text );

		$erased = $this->tool( 'erase', $email );
		self::assertSame( array( true, false, true ), array( $erased['items_removed'], $erased['items_retained'], $erased['done'] ) );
		self::assertSame( array(), $this->tool( 'export', $email )['data'] );
		$left = array_column( $this->site()->rows( 'SELECT id FROM wp_gatepost_orders WHERE id IN (?, ?, ?)', array( $order, $bare[0]['order_id'], $bare[1]['order_id'] ) ), 'id' );
		self::assertSame( array( (string) $bare[1]['order_id'] ), array_map( 'strval', $left ), 'others\' order events stay' );
		self::assertNull( $this->site()->value( "SELECT 1 FROM wp_usermeta WHERE user_id = ? AND meta_key LIKE 'gatepost\_%'", array( $user ) ) );
		self::assertNull( $this->site()->value( "SELECT 1 FROM wp_gatepost_users WHERE subject = ?", array( "email:$email" ) ) );
		self::assertSame( $email, $this->user( $user )['user_email'], 'the account is WordPress\'s to erase' );
		self::assertNotNull( $this->meta( $other, 'gatepost_last_event_type' ), 'of others nothing is erased' );
		self::assertFalse( $this->tool( 'erase', self::email() )['items_removed'] );
	}

	public function test_what_waits_is_kept(): void {
		$email = self::email();
		$order = $this->batch( array( self::item( self::order( array( 'actor' => array( 'email' => $email ), 'data' => array( 'fail_times' => 99 ) ) ) ) ) )[0]['order_id'];
		$this->site()->rows( 'UPDATE wp_gatepost_orders SET due_at = ? WHERE id = ?', array( ( time() + 3600 ) * 1000, $order ) );
		try {
			$erased = $this->tool( 'erase', $email );
			self::assertSame( array( true, true ), array( $erased['items_retained'], $erased['done'] ) );
			self::assertStringContainsString( 'still wait', $erased['messages'][0] );
		} finally {
			$this->site()->rows( 'DELETE FROM wp_gatepost_orders WHERE id = ?', array( $order ) );
		}
	}

	public function test_the_policy_has_a_text(): void {
		self::assertStringContainsString( 'through the Gatepost gateway', $this->get( 'options-privacy.php?tab=policyguide' )['body'] );
	}
}
