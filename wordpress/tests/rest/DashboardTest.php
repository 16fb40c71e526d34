<?php
/**
 * The dashboard's widget.
 *
 * @package Gatepost
 */

/**
 * What an administrator sees first.
 */
final class DashboardTest extends Gatepost_Admin_Test_Case {

	private function widget(): ?string {
		$page = $this->get( 'index.php' );
		self::assertSame( 200, $page['status'] );
		$found = self::document( $page['body'] )->query( '//div[@id="gatepost_last_event"]//div[@class="inside"]' )->item( 0 );
		return null === $found ? null : preg_replace( '/\s+/', ' ', $found->textContent );
	}

	/**
	 * A batch as the gateway sends it, and its request id.
	 */
	private function arrive( array $item ): string {
		$request = self::id( 'request' );
		$answer  = $this->site()->send( 'POST', 'batch', json_encode( array( 'items' => array( $item ) ) ), array( 'X-Request-Id' => $request ) + self::with( array() ) );
		self::assertSame( 200, $answer['status'], $answer['body'] );
		return $request;
	}

	public function test_it_says_when_the_last_event_came(): void {
		$request = $this->arrive( self::item( self::sync() ) );
		$said    = $this->widget();
		self::assertNotNull( $said );
		self::assertStringContainsString( 'The last event came', $said );
		self::assertStringContainsString( 'customer.updated: applied (200)', $said );
		self::assertStringContainsString( $request, $said );

		$this->site()->rows( 'UPDATE wp_gatepost_arrivals SET arrived_at = arrived_at - 7200000 ORDER BY id DESC LIMIT 1' );
		self::assertStringContainsString( 'The last event came 2 hours ago.', $this->widget() );
	}

	public function test_what_a_provider_wrote_is_text(): void {
		$this->batch( array( self::item( self::sync( array( 'event_type' => '<script>alert(1)</script>' ) ) ) ) );
		$body = $this->get( 'index.php' )['body'];
		self::assertStringNotContainsString( '<script>alert(1)', $body );
	}

	public function test_the_list_has_the_gateways_request_id(): void {
		$key = self::id( 'key' );
		$request = $this->arrive( self::item( self::sync(), $key ) );
		$page    = self::document( $this->get( 'tools.php?page=gatepost-events&s=' . rawurlencode( $request ) )['body'] );
		self::assertSame( $request, $page->query( '//tbody[@id="the-list"]/tr/td[contains(@class, "column-request_id")]' )->item( 0 )->textContent );
	}
}
