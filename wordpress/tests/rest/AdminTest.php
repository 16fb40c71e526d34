<?php
/**
 * The settings page and Site Health.
 *
 * @package Gatepost
 */

/**
 * What an administrator sees in the browser, and what others do not.
 */
final class AdminTest extends Gatepost_Admin_Test_Case {

	private const PAGE = 'options-general.php?page=gatepost';

	private const QUERY = "SELECT option_value FROM wp_options WHERE option_name = 'gatepost_settings'";

	private string $before;

	protected function setUp(): void {
		$this->before = $this->site()->value( self::QUERY );
	}

	protected function tearDown(): void {
		$this->site()->rows( "UPDATE wp_options SET option_value = ? WHERE option_name = 'gatepost_settings'", array( $this->before ) );
	}

	/**
	 * Saves the form and gives the page that comes then.
	 */
	private function save( array $fields, ?string $nonce = null ): array {
		$nonce ??= self::nonce( $this->get( self::PAGE )['body'] );
		$fields += array( 'from_form' => '1', 'create_users' => '1', 'change_emails' => '1' );
		$answer  = $this->post( 'options.php', array( 'option_page' => 'gatepost', 'action' => 'update', '_wpnonce' => $nonce, 'gatepost_settings' => $fields ) );
		return 302 === $answer['status'] ? $this->get( self::PAGE . '&settings-updated=true' ) : $answer;
	}

	private function stored(): array {
		return unserialize( $this->site()->value( self::QUERY ), array( 'allowed_classes' => false ) ); // phpcs:ignore
	}

	public function test_secrets_go_in_and_never_come_out(): void {
		$page = $this->get( self::PAGE );
		self::assertSame( 200, $page['status'] );
		$stored = $this->stored();
		foreach ( array( $this->site()->env( 'HMAC_SHARED_SECRET' ), $this->site()->env( 'WORDPRESS_TEST_TOKEN' ), $stored['secrets']['current']['sealed'], $stored['token_sha256'] ) as $secret ) {
			self::assertStringNotContainsString( $secret, $page['body'] );
		}
		self::assertStringContainsString( $stored['secrets']['current']['kid'], $page['body'] );
		self::assertStringNotContainsString( $this->site()->env( 'HMAC_SHARED_SECRET' ), $this->before, 'the secret is in the database in clear' );
		foreach ( self::document( $page['body'] )->query( '//input[@type="password"]' ) as $input ) {
			self::assertSame( '', $input->getAttribute( 'value' ) );
		}
	}

	public function test_every_field_has_its_label_and_its_help(): void {
		$page = self::document( $this->get( self::PAGE )['body'] );
		$seen = 0;
		foreach ( $page->query( '//*[starts-with(@name, "gatepost_settings[") and not(@type="hidden")]' ) as $field ) {
			$id = $field->getAttribute( 'id' );
			self::assertSame( 1, $page->query( "//label[@for='$id']" )->length, $id );
			self::assertSame( 1, $page->query( "//*[@id='{$id}_help']" )->length, $id );
			++$seen;
		}
		self::assertGreaterThan( 15, $seen );
	}

	/**
	 * A field, what was typed, and a piece of what is said.
	 */
	public function mistakes(): array {
		return array(
			'a word for an address'   => array( 'ip_allowlist', "10.0.0.0/8 nonsense\n2001:db8::/32", 'Allowed addresses: Not an address or range such as 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32: nonsense' ),
			'too long a prefix'       => array( 'ip_allowlist', '10.0.0.0/33', ': 10.0.0.0/33' ),
			'a script for an address' => array( 'ip_allowlist', '<script>x</script>', ': &lt;script&gt;x&lt;/script&gt;' ),
			'a field with a capital'  => array( 'meta_fields', 'plan Bad', 'most 60): Bad' ),
			'a negative limit'        => array( 'rate_limit', '-5', 'Expected a whole number from 0 to 1000000, found &quot;-5&quot;' ),
			'no number'               => array( 'batch_items', '101', 'from 1 to 100' ),
			'a powerful role'         => array( 'role', 'administrator', 'cannot have the role &quot;administrator&quot;' ),
			'an unknown way'          => array( 'require', 'none', 'no such way' ),
			'a short secret'          => array( 'secret_current', 'short', '16 to 1024 characters' ),
			'a secret with a space'   => array( 'secret_next', 'one two three four five', 'no spaces' ),
			'a short token'           => array( 'token', 'short', 'at least 16 characters' ),
			'half a public key'       => array( 'public_keys', "k1 abc", 'Line 1' ),
			'rotate without next'     => array( 'rotate', '1', 'There is no next secret' ),
		);
	}

	/**
	 * @dataProvider mistakes
	 */
	public function test_a_mistake_is_refused_in_words_and_nothing_is_lost( string $field, string $typed, string $words ): void {
		$page  = $this->save( array( $field => $typed, 'keep_arrivals_days' => '77' ) );
		$after = $this->stored();
		self::assertStringContainsString( $words, $page['body'] );
		self::assertStringNotContainsString( '<script>x', $page['body'] );
		self::assertStringContainsString( 'Everything else was saved.', $page['body'] );
		self::assertSame( 77, $after['keep_arrivals_days'] );
		self::assertSame( $this->stored_before(), array( 'keep_arrivals_days' => 14 ) + $after );
	}

	private function stored_before(): array {
		return array( 'keep_arrivals_days' => 14 ) + unserialize( $this->before, array( 'allowed_classes' => false ) ); // phpcs:ignore
	}

	public function test_right_settings_are_saved(): void {
		$this->save( array( 'require' => 'both', 'role' => 'contributor', 'meta_fields' => "plan\ncompany, city", 'ip_allowlist' => "10.0.0.0/8\n2001:db8::/32", 'rate_limit' => '5', 'batch_items' => '20', 'create_users' => '' ) );
		$after = $this->stored();
		self::assertSame( array( 'both', 'contributor', 5, 20, false ), array( $after['require'], $after['role'], $after['rate_limit'], $after['batch_items'], $after['create_users'] ) );
		self::assertSame( array( array( 'plan', 'company', 'city' ), array( '10.0.0.0/8', '2001:db8::/32' ) ), array( $after['meta_fields'], $after['ip_allowlist'] ) );
		self::assertStringNotContainsString( 'The list is empty', $this->get( self::PAGE )['body'] );
		$this->save( array( 'ip_allowlist' => '' ) );
		self::assertSame( array(), $this->stored()['ip_allowlist'] );
		self::assertStringContainsString( 'The list is empty: any address may ask.', $this->get( self::PAGE )['body'] );
	}

	public function test_rotation(): void {
		$old  = $this->site()->env( 'HMAC_SHARED_SECRET' );
		$new  = str_repeat( 'n', 32 );
		$body = '{"items":[1]}';
		$good = fn( string $secret ) => $this->site()->send( 'POST', 'batch', $body, array( 'X-Signature' => hash_hmac( 'sha256', $body, $secret ) ), array() )['status'];
		$this->save( array( 'secret_next' => $new, 'kid_next' => '2026-12' ) );
		self::assertSame( array( 200, 200 ), array( $good( $old ), $good( $new ) ), 'while rotating, both are good' );
		$this->save( array( 'rotate' => '1' ) );
		self::assertSame( array( 401, 200 ), array( $good( $old ), $good( $new ) ) );
		self::assertSame( array( 'current' ), array_keys( $this->stored()['secrets'] ) );
		self::assertSame( '2026-12', $this->stored()['secrets']['current']['kid'] );
		$this->save( array( 'secret_next' => $old ) );
		$this->save( array( 'forget_next' => '1' ) );
		self::assertSame( array( 401, 200 ), array( $good( $old ), $good( $new ) ) );
	}

	public function test_the_form_needs_its_nonce_and_the_page_its_reader(): void {
		self::assertSame( 403, $this->save( array( 'rate_limit' => '9' ), 'wrong' )['status'] );
		self::assertSame( $this->before, $this->site()->value( self::QUERY ) );
		self::assertSame( 302, $this->get( self::PAGE, 'none=1' )['status'] );
	}

	/**
	 * A secret of the first version, a list without key ids, is still good after the upgrade.
	 */
	public function test_secrets_of_the_first_version(): void {
		$settings            = $this->stored();
		$settings['secrets'] = array( $settings['secrets']['current']['sealed'] );
		$this->site()->rows( "UPDATE wp_options SET option_value = ? WHERE option_name = 'gatepost_settings'", array( serialize( $settings ) ) ); // phpcs:ignore
		$this->site()->rows( "UPDATE wp_options SET option_value = '1' WHERE option_name = 'gatepost_schema_version'" );
		self::assertSame( 200, $this->site()->send( 'POST', 'batch', '{"items":[1]}', array(), array( 'signature' ) )['status'] );
		self::assertSame( array( 'current' ), array_keys( $this->stored()['secrets'] ) );
	}

	private function health( array $settings = array() ): array {
		return $this->site()->send( 'GET', '/?gatepost_test=health', null, self::with( $settings ), array() )['json'];
	}

	public function test_site_health(): void {
		$this->push( self::sync() );
		$found = array_map( static fn( $result ) => $result['status'], $this->health() );
		self::assertSame( array_fill_keys( array( 'loopback', 'tables', 'auth', 'passwords', 'https', 'orders', 'cron', 'arrivals', 'clock' ), 'good' ), $found );

		$sealed = array( 'kid' => 'a', 'sealed' => 'bm90IHNlYWxlZCB3aXRoIHRoaXMga2V5LCBub3QgYXQgYWxsLCBubw==', 'set_at' => 1 );
		$auth   = $this->health( array( 'secrets' => array( 'current' => $sealed ) ) )['auth'];
		self::assertSame( 'critical', $auth['status'] );
		self::assertStringContainsString( 'salts', $auth['description'] );
	}

	public function test_in_german(): void {
		$this->site()->rows( "INSERT INTO wp_options (option_name, option_value) VALUES ('WPLANG', 'de_DE') ON DUPLICATE KEY UPDATE option_value = 'de_DE'" );
		try {
			$body = $this->get( self::PAGE )['body'];
			self::assertStringContainsString( 'Nächstes gemeinsames Geheimnis', $body );
			self::assertStringContainsString( 'Als Benutzer-Metadaten gespeicherte Datenfelder', $body );
			self::assertStringContainsString( 'Schlüssel, Ereigniskennung oder Anfragekennung suchen', $this->get( 'tools.php?page=gatepost-events' )['body'] );
			// The code stays what programs read.
			$answer = $this->site()->send( 'GET', 'status', null, array(), array() );
			self::assertSame( 'gatepost_no_auth', $answer['json']['code'] );
			self::assertStringContainsString( 'Keine Authentifizierung', $answer['json']['message'] );
		} finally {
			$this->site()->rows( "UPDATE wp_options SET option_value = '' WHERE option_name = 'WPLANG'" );
		}
	}

	public function test_site_health_sees_tables_without_transactions(): void {
		$this->site()->rows( 'ALTER TABLE wp_gatepost_keys ENGINE=MyISAM' );
		try {
			$tables = $this->health()['tables'];
			self::assertSame( 'critical', $tables['status'] );
			self::assertStringContainsString( 'wp_gatepost_keys', $tables['description'] );
			// What fails there can be tried again all the same: its key is given back.
			$item = self::item( self::sync( array( 'data' => array( 'fault' => 'throw' ) ) ) );
			self::assertSame( 500, $this->batch( array( $item ), array( 'meta_fields' => array( 'fault' ) ) )[0]['status'] );
			self::assertSame( 'applied', $this->batch( array( $item ) )[0]['outcome'] );
		} finally {
			$this->site()->rows( 'ALTER TABLE wp_gatepost_keys ENGINE=InnoDB' );
		}
	}

	public function test_site_health_runs_in_the_browser(): void {
		$page = $this->get( 'site-health.php' )['body'];
		self::assertSame( 1, preg_match( '/"site_status":"([0-9a-f]+)"/', $page, $nonce ) );
		$answer = $this->post( 'admin-ajax.php', array( 'action' => 'health-check-gatepost-loopback', '_wpnonce' => $nonce[1] ) );
		self::assertSame( 'good', $answer['json']['data']['status'] ?? null, $answer['body'] );
		self::assertSame( 403, $this->post( 'admin-ajax.php', array( 'action' => 'health-check-gatepost-loopback', '_wpnonce' => 'x' ) )['status'] );
	}
}
