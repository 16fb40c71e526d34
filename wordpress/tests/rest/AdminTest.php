<?php
/**
 * The settings page and Site Health.
 *
 * @package Gatepost
 */

/**
 * What an administrator sees in the browser, and what others do not.
 */
final class AdminTest extends Gatepost_Rest_Test_Case {

	private const FORM = 'application/x-www-form-urlencoded';

	/**
	 * Logs in and gives the cookies.
	 */
	private function cookies(): string {
		$form   = http_build_query( array( 'log' => 'gatepost', 'pwd' => $this->site()->env( 'WORDPRESS_ADMIN_PASSWORD' ), 'testcookie' => '1' ) );
		$answer = $this->site()->send( 'POST', '/wp-login.php', $form, array( 'Content-Type' => self::FORM, 'Cookie' => 'wordpress_test_cookie=WP%20Cookie%20check' ), array() );
		self::assertSame( 302, $answer['status'], $answer['body'] );
		preg_match_all( '/^Set-Cookie: ([^;]+)/mi', $answer['headers'], $cookies );
		return implode( '; ', $cookies[1] );
	}

	private function page( string $cookies ): array {
		return $this->site()->send( 'GET', '/wp-admin/options-general.php?page=gatepost', null, array( 'Cookie' => $cookies ), array() );
	}

	private function save( string $cookies, string $nonce, array $fields ): array {
		$form = http_build_query( array( 'option_page' => 'gatepost', 'action' => 'update', '_wpnonce' => $nonce, 'gatepost_settings' => $fields ) );
		return $this->site()->send( 'POST', '/wp-admin/options.php', $form, array( 'Content-Type' => self::FORM, 'Cookie' => $cookies ), array() );
	}

	private function stored(): array {
		return unserialize( $this->site()->value( "SELECT option_value FROM wp_options WHERE option_name = 'gatepost_settings'" ), array( 'allowed_classes' => false ) ); // phpcs:ignore
	}

	public function test_settings_page(): void {
		$before  = $this->site()->value( "SELECT option_value FROM wp_options WHERE option_name = 'gatepost_settings'" );
		$cookies = $this->cookies();
		$page    = $this->page( $cookies );
		self::assertSame( 200, $page['status'] );
		self::assertSame( 1, preg_match( '/name="_wpnonce" value="([0-9a-f]+)"/', $page['body'], $nonce ), 'the form has no nonce' );
		$stored = $this->stored();
		foreach ( array( $this->site()->env( 'HMAC_SHARED_SECRET' ), $this->site()->env( 'WORDPRESS_TEST_TOKEN' ), $stored['secrets'][0], $stored['token_sha256'] ) as $secret ) {
			self::assertStringNotContainsString( $secret, $page['body'] );
		}
		self::assertStringNotContainsString( $this->site()->env( 'HMAC_SHARED_SECRET' ), $before, 'the secret is in the database in clear' );

		try {
			$fields = array(
				'from_form'    => '1',
				'require'      => 'both',
				'role'         => 'administrator',
				'meta_fields'  => "plan\nBad Name company",
				'ip_allowlist' => "10.0.0.0/8 nonsense\n2001:db8::/32",
				'rate_limit'   => '-5',
				'secrets'      => '',
				'token'        => 'short',
			);
			self::assertSame( 403, $this->save( $cookies, 'wrong', $fields )['status'] );
			self::assertSame( $before, $this->site()->value( "SELECT option_value FROM wp_options WHERE option_name = 'gatepost_settings'" ) );

			self::assertSame( 302, $this->save( $cookies, $nonce[1], $fields )['status'] );
			$after = $this->stored();
			self::assertSame( array( 'both', 'subscriber', 0, false ), array( $after['require'], $after['role'], $after['rate_limit'], $after['create_users'] ) );
			self::assertSame( array( 'plan', 'company' ), $after['meta_fields'] );
			self::assertSame( array( '10.0.0.0/8', '2001:db8::/32' ), $after['ip_allowlist'] );
			self::assertSame( array( $stored['secrets'], $stored['token_sha256'] ), array( $after['secrets'], $after['token_sha256'] ), 'an empty field leaves the secret' );

			$secrets = str_repeat( 'n', 32 ) . ' ' . $this->site()->env( 'HMAC_SHARED_SECRET' );
			$this->save( $cookies, $nonce[1], array( 'require' => 'any', 'secrets' => $secrets, 'ip_allowlist' => '' ) + $fields );
			$body = '{"items":[1]}';
			foreach ( explode( ' ', $secrets ) as $secret ) {
				$answer = $this->site()->send( 'POST', 'batch', $body, array( 'X-Signature' => hash_hmac( 'sha256', $body, $secret ) ), array() );
				self::assertSame( 200, $answer['status'], 'while rotating, both secrets are good' );
			}
		} finally {
			$this->site()->rows( "UPDATE wp_options SET option_value = ? WHERE option_name = 'gatepost_settings'", array( $before ) );
		}
	}

	public function test_the_page_is_not_for_everybody(): void {
		self::assertSame( 302, $this->page( '' )['status'] );
	}

	public function test_site_health(): void {
		$answer = $this->site()->send( 'GET', '/?gatepost_test=health', null, array(), array() );
		self::assertSame( array( 'good', array() ), array( $answer['json']['status'] ?? null, $answer['json']['problems'] ?? null ), $answer['body'] );

		$answer = $this->site()->send( 'GET', '/?gatepost_test=health', null, self::with( array( 'secrets' => array( 'bm90IHNlYWxlZCB3aXRoIHRoaXMga2V5LCBub3QgYXQgYWxsLCBubw==' ) ) ), array() );
		self::assertSame( 'critical', $answer['json']['status'] );
		self::assertStringContainsString( 'salts', $answer['json']['problems'][0] );
	}
}
