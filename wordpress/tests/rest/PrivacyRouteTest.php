<?php
/**
 * Personal data, asked for by the gateway.
 *
 * @package Gatepost
 */

/**
 * What the gateway's request may export and erase, and what it takes.
 */
final class PrivacyRouteTest extends Gatepost_Admin_Test_Case {

	private const SIGNED = array( 'password', 'signature' );

	private function ask( array $body, array $auth = self::SIGNED ): array {
		return $this->site()->send( 'POST', 'privacy', json_encode( $body ), array(), $auth );
	}

	public function test_exports_and_erases_one_person(): void {
		$email = self::email();
		$actor = array( 'actor' => array( 'id' => self::id( 'cus' ), 'email' => $email, 'name' => 'Jane' ) );
		$user  = $this->push( self::sync( $actor ) )['user_id'];
		$other = $this->push( self::sync() )['user_id'];

		$export = $this->ask( array( 'action' => 'export', 'email' => $email, 'page' => 1 ) );
		self::assertSame( array( 200, true ), array( $export['status'], $export['json']['done'] ) );
		self::assertContains( 'gatepost-links', array_column( $export['json']['data'], 'group_id' ) );
		self::assertStringContainsString( $actor['actor']['id'], json_encode( $export['json'] ) );

		$erased = $this->ask( array( 'action' => 'erase', 'email' => $email, 'page' => 1 ) )['json'];
		self::assertSame( array( true, true ), array( $erased['items_removed'], $erased['done'] ) );
		self::assertSame( array(), $this->ask( array( 'action' => 'export', 'email' => $email ) )['json']['data'] );
		self::assertSame( $email, $this->user( $user )['user_email'], 'the account is WordPress\'s to erase' );
		self::assertNotNull( $this->meta( $other, 'gatepost_last_event_type' ), 'of others nothing is erased' );
	}

	public function test_a_password_alone_is_not_enough(): void {
		$body = array( 'action' => 'export', 'email' => self::email() );
		$answer = $this->ask( $body, array( 'password' ) );
		self::assertSame( array( 401, 'gatepost_auth_insufficient' ), array( $answer['status'], $answer['json']['code'] ) );
		self::assertSame( 401, $this->ask( $body, array() )['status'] );
	}

	/**
	 * What is not taken.
	 */
	public function wrong(): array {
		return array(
			'no action'      => array( array( 'email' => 'a@example.net' ) ),
			'another action' => array( array( 'action' => 'read', 'email' => 'a@example.net' ) ),
			'no address'     => array( array( 'action' => 'erase' ) ),
			'no real one'    => array( array( 'action' => 'erase', 'email' => '%' ) ),
			'a list'         => array( array( 'action' => 'erase', 'email' => array( 'a@example.net' ) ) ),
			'page 0'         => array( array( 'action' => 'export', 'email' => 'a@example.net', 'page' => 0 ) ),
		);
	}

	/**
	 * @dataProvider wrong
	 */
	public function test_refuses( array $body ): void {
		self::assertSame( 400, $this->ask( $body )['status'] );
	}
}
