<?php
/**
 * Tools → Gatepost.
 *
 * @package Gatepost
 */

/**
 * The lists, the details and the way back for failed order events, as a browser without scripts sees them.
 */
final class EventsPageTest extends Gatepost_Admin_Test_Case {

	private const PAGE = 'tools.php?page=gatepost-events';

	private const XSS = '"><script>alert(1)</script>';

	private function list( array $query = array() ): DOMXPath {
		$page = $this->get( self::PAGE . '&' . http_build_query( $query ) );
		self::assertSame( 200, $page['status'] );
		return self::document( $page['body'] );
	}

	private static function rows( DOMXPath $page ): array {
		$rows = array();
		foreach ( $page->query( '//tbody[@id="the-list"]/tr' ) as $row ) {
			$rows[] = preg_replace( '/\s+/', ' ', $row->textContent );
		}
		return $rows;
	}

	public function test_what_arrived_is_listed_and_shown(): void {
		$key     = self::id( 'key' );
		$payload = self::sync();
		$result  = $this->batch( array( self::item( $payload, $key ), self::item( array(), $key . '-bad', 'user-sync' ) ) );
		$rows    = self::rows( $this->list( array( 's' => $key ) ) );
		self::assertCount( 1, $rows );
		self::assertStringContainsString( 'applied (200)', $rows[0] );
		self::assertStringContainsString( 'User ' . $result[0]['user_id'], $rows[0] );
		$bad = self::rows( $this->list( array( 's' => $key . '-bad', 'outcome' => 'refused' ) ) );
		self::assertStringContainsString( 'gatepost_invalid', $bad[0] );
		self::assertSame( array( ' Nothing has arrived, or nothing that fits. ' ), array_map( static fn( $row ) => " $row ", self::rows( $this->list( array( 's' => $key, 'outcome' => 'refused' ) ) ) ) );

		$page = $this->list( array( 's' => $payload['event_ids'][0] ) );
		$link = $page->query( '//tbody[@id="the-list"]//a[contains(@href, "arrival=")]' )->item( 0 )->getAttribute( 'href' );
		$html = $this->get( basename( $link ) )['body'];
		foreach ( array( $key, $payload['event_ids'][0], 'customer.updated', 'stripe / acme' ) as $text ) {
			self::assertStringContainsString( $text, $html );
		}
		foreach ( array( $payload['actor']['email'], $payload['actor']['name'], $payload['actor']['id'] ) as $personal ) {
			self::assertStringNotContainsString( $personal, $html );
			self::assertNull( $this->site()->value( "SELECT 1 FROM wp_gatepost_arrivals WHERE CONCAT_WS(' ', error, event_type, event_ids, idempotency_key) LIKE ?", array( "%$personal%" ) ) );
		}
	}

	/**
	 * Whatever a provider writes into its fields comes out as text.
	 */
	public function test_nothing_is_markup(): void {
		$key   = self::id( 'key' ) . self::XSS;
		$order = self::order( array( 'event_type' => 'a' . self::XSS, 'event_id' => self::id( 'evt' ) . self::XSS ) );
		$id    = $this->batch( array( self::item( $order, $key ) ) )[0]['order_id'];
		$this->batch( array( self::item( array( 'event_type' => self::XSS, 'source' => self::XSS, 'tenant_id' => self::XSS, 'event_ids' => array( self::XSS ) ), self::XSS . $key, self::XSS ) ) );
		$this->site()->rows( "UPDATE wp_gatepost_orders SET status = 'failed', last_error = ? WHERE id = ?", array( self::XSS, $id ) );
		$arrival = $this->site()->value( 'SELECT id FROM wp_gatepost_arrivals WHERE order_id = ?', array( $id ) );
		$bad     = $this->site()->value( 'SELECT MAX(id) FROM wp_gatepost_arrivals' );
		try {
			foreach ( array( array(), array( 'tab' => 'orders' ), array( 'order' => $id ), array( 'arrival' => $arrival ), array( 'arrival' => $bad ), array( 's' => self::XSS ), array( 'tab' => 'orders', 's' => self::XSS ), array( 'outcome' => self::XSS, 'tab' => self::XSS ), array( 'retried' => self::XSS ) ) as $query ) {
				$body = $this->get( self::PAGE . '&' . http_build_query( $query ) )['body'];
				self::assertStringContainsString( 'Gatepost events', $body );
				self::assertStringNotContainsString( '<script>alert(1)', $body, json_encode( $query ) );
			}
			self::assertStringContainsString( '&lt;script&gt;alert(1)', $this->get( self::PAGE . '&order=' . $id )['body'] );
		} finally {
			$this->site()->rows( 'DELETE FROM wp_gatepost_orders WHERE id = ?', array( $id ) );
		}
	}

	public function test_pages_by_id(): void {
		$items = array_map( static fn() => self::item( self::sync() ), range( 1, 100 ) );
		$this->batch( $items );
		$this->batch( array_slice( $items, 0, 60 ) );
		$seen = array();
		$page = $this->list();
		for ( $count = 1; $count <= 3; $count++ ) {
			$ids   = array_map( static fn( $link ) => (int) substr( strstr( $link->getAttribute( 'href' ), 'arrival=' ), 8 ), iterator_to_array( $page->query( '//tbody[@id="the-list"]//a[contains(@href, "arrival=")]' ) ) );
			$seen  = array_merge( $seen, $ids );
			$older = $page->query( '//nav[@aria-label="Pages"]/a[text()="Older"]' )->item( 0 );
			if ( $count < 3 ) {
				$page = $this->list( self::query_of( $older ) );
			}
		}
		self::assertSame( array_map( 'intval', array_column( $this->site()->rows( 'SELECT id FROM wp_gatepost_arrivals ORDER BY id DESC LIMIT 150' ), 'id' ) ), $seen );
		$back = $this->list( self::query_of( $page->query( '//nav[@aria-label="Pages"]/a[text()="Newer"]' )->item( 0 ) ) );
		self::assertStringContainsString( 'arrival=' . $seen[50], $back->query( '//tbody[@id="the-list"]//a' )->item( 0 )->getAttribute( 'href' ) );
	}

	private static function query_of( DOMElement $link ): array {
		parse_str( (string) parse_url( $link->getAttribute( 'href' ), PHP_URL_QUERY ), $query );
		return array_diff_key( $query, array( 'page' => 0 ) );
	}

	public function test_a_failed_order_event_has_a_way_back(): void {
		$order = self::order();
		$id    = $this->batch( array( self::item( $order ) ) )[0]['order_id'];
		$this->cron_until( fn() => 'done' === $this->status( $id ), 'the order event' );
		$this->site()->rows( "UPDATE wp_gatepost_orders SET status = 'failed', attempts = 5, last_error = 'x' WHERE id = ?", array( $id ) );
		$page  = $this->list( array( 'tab' => 'orders', 'status' => 'failed', 's' => $order['event_id'] ) );
		$form  = $page->query( "//tbody[@id='the-list']//form[.//input[@name='order' and @value='$id']]" )->item( 0 );
		$nonce = $page->query( './/input[@name="_wpnonce"]', $form )->item( 0 )->getAttribute( 'value' );
		$post  = array( 'action' => 'gatepost_retry', 'order' => $id );

		self::assertSame( 403, $this->post( 'admin-post.php', $post + array( '_wpnonce' => 'wrong' ) )['status'] );
		self::assertSame( 'failed', $this->status( $id ) );
		$answer = $this->post( 'admin-post.php', $post + array( '_wpnonce' => $nonce ) );
		self::assertSame( 302, $answer['status'], $answer['body'] );
		self::assertStringContainsString( 'retried=1', $answer['headers'] );
		$this->cron_until( fn() => 'done' === $this->status( $id ), 'the order event again' );
		self::assertSame( array( 'try', 'done', 'typed', 'try', 'done', 'typed' ), array_column( $this->site()->rows( 'SELECT hook FROM gatepost_test_log WHERE event_id = ? ORDER BY id', array( $order['event_id'] ) ), 'hook' ) );
	}

	private function status( int $id ): string {
		return $this->site()->value( 'SELECT status FROM wp_gatepost_orders WHERE id = ?', array( $id ) );
	}

	public function test_it_is_not_for_everybody(): void {
		$email = self::email();
		$id    = $this->make_user( 'editor', $email );
		$this->site()->send( 'POST', "/wp-json/wp/v2/users/$id", '{"password":"editor-password"}' );
		$login   = $this->user( $id )['user_login'];
		$cookies = $this->cookies( $login, 'editor-password' );
		self::assertSame( 403, $this->get( self::PAGE, $cookies )['status'] );
		self::assertSame( 403, $this->post( 'admin-post.php', array( 'action' => 'gatepost_retry', 'order' => 0 ), $cookies )['status'] );
		self::assertSame( 302, $this->get( self::PAGE, 'none=1' )['status'] );
	}
}
