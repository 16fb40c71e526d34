<?php
/**
 * Who may ask.
 *
 * @package Gatepost
 */

/**
 * Every method alone, and every method wrong beside a right one.
 */
final class AuthTest extends Gatepost_Rest_Test_Case {

	private const BODY = '{"items":[{"route":"user-sync","idempotency_key":"x","payload":{}}]}';

	/**
	 * Headers, the right methods beside, settings, and the answer: 200 or the refusal's status and code.
	 */
	public function requests(): array {
		$wrong_password  = array( 'Authorization' => 'Basic ' . base64_encode( 'gatepost:wrong' ) );
		$wrong_user      = array( 'Authorization' => 'Basic ' . base64_encode( 'nobody:wrong' ) );
		$wrong_token     = array( 'Authorization' => 'Bearer wrong' );
		$wrong_signature = array( 'X-Signature' => str_repeat( 'a', 64 ) );
		$empty_signature = array( 'X-Signature' => '' );
		return array(
			'nothing'                                => array( array(), array(), array(), 401, 'gatepost_no_auth' ),
			'password'                               => array( array(), array( 'password' ), array(), 200, null ),
			'signature'                              => array( array(), array( 'signature' ), array(), 200, null ),
			'token'                                  => array( array(), array( 'token' ), array(), 200, null ),
			'password and signature'                 => array( array(), array( 'password', 'signature' ), array(), 200, null ),
			'wrong password'                         => array( $wrong_password, array(), array(), 401, 'gatepost_app_password_wrong' ),
			'unknown user'                           => array( $wrong_user, array(), array(), 401, 'gatepost_app_password_wrong' ),
			'wrong token'                            => array( $wrong_token, array(), array(), 401, 'gatepost_token_wrong' ),
			'wrong signature'                        => array( $wrong_signature, array(), array(), 401, 'gatepost_signature_wrong' ),
			'empty signature'                        => array( array( 'X-Signature;' => '' ), array(), array(), 401, 'gatepost_no_auth' ),
			'wrong signature, right password'        => array( $wrong_signature, array( 'password' ), array(), 401, 'gatepost_signature_wrong' ),
			'wrong signature, right token'           => array( $wrong_signature, array( 'token' ), array(), 401, 'gatepost_signature_wrong' ),
			'wrong password, right signature'        => array( $wrong_password, array( 'signature' ), array(), 401, 'gatepost_app_password_wrong' ),
			'wrong token, right signature'           => array( $wrong_token, array( 'signature' ), array(), 401, 'gatepost_token_wrong' ),
			'another scheme'                         => array( array( 'Authorization' => 'Digest x' ), array( 'signature' ), array(), 401, 'gatepost_scheme_unknown' ),
			'signed, but no secret is set'           => array( array(), array( 'password', 'signature' ), array( 'secrets' => array() ), 401, 'gatepost_signature_not_configured' ),
			'no token is set'                        => array( array( 'Authorization' => 'Bearer' ), array(), array( 'token_sha256' => '' ), 401, 'gatepost_token_wrong' ),
			'signature required, password given'     => array( array(), array( 'password' ), array( 'require' => 'hmac' ), 401, 'gatepost_auth_insufficient' ),
			'password required, signature given'     => array( array(), array( 'signature' ), array( 'require' => 'app_password' ), 401, 'gatepost_auth_insufficient' ),
			'token required and given'               => array( array(), array( 'token' ), array( 'require' => 'token' ), 200, null ),
			'both required, one given'               => array( array(), array( 'signature' ), array( 'require' => 'both' ), 401, 'gatepost_auth_insufficient' ),
			'both required and given'                => array( array(), array( 'signature', 'token' ), array( 'require' => 'both' ), 200, null ),
			'address not allowed'                    => array( array(), array( 'password' ), array( 'ip_allowlist' => array( '192.0.2.0/24' ) ), 403, 'gatepost_ip_not_allowed' ),
			'address allowed'                        => array( array( 'X-Test-Address' => '192.0.2.9' ), array( 'password' ), array( 'ip_allowlist' => array( '192.0.2.0/24' ) ), 200, null ),
			'X-Forwarded-For does not allow anybody' => array( array( 'X-Forwarded-For' => '192.0.2.9' ), array( 'password' ), array( 'ip_allowlist' => array( '192.0.2.0/24' ) ), 403, 'gatepost_ip_not_allowed' ),
		);
	}

	/**
	 * @dataProvider requests
	 */
	public function test_batch( array $headers, array $auth, array $settings, int $status, ?string $code ): void {
		$answer = $this->site()->send( 'POST', 'batch', self::BODY, $headers + self::with( $settings ), $auth );
		self::assertSame( $status, $answer['status'], $answer['body'] );
		self::assertSame( $code, $answer['json']['code'] ?? null );
		self::assertStringContainsString( 'no-store', $answer['headers'] );
	}

	public function test_a_user_without_the_capability_may_not(): void {
		$id     = $this->make_user( 'subscriber', self::email() );
		$answer = $this->site()->send( 'POST', "/wp-json/wp/v2/users/$id/application-passwords", '{"name":"test"}' );
		self::assertSame( 201, $answer['status'], $answer['body'] );
		$header = array( 'Authorization' => 'Basic ' . base64_encode( $this->user( $id )['user_login'] . ':' . $answer['json']['password'] ) );
		$answer = $this->site()->send( 'POST', 'batch', self::BODY, $header, array() );
		self::assertSame( array( 403, 'gatepost_not_allowed' ), array( $answer['status'], $answer['json']['code'] ) );

		$this->site()->send( 'POST', "/wp-json/wp/v2/users/$id", '{"roles":["gatepost"]}' );
		self::assertSame( 200, $this->site()->send( 'POST', 'batch', self::BODY, $header, array() )['status'] );
	}

	public function test_status(): void {
		$answer = $this->site()->send( 'GET', 'status', null );
		self::assertSame( 200, $answer['status'], $answer['body'] );
		self::assertSame( $this->site()->env( 'WORDPRESS_BASE_URL' ), $answer['json']['site_url'] );
		self::assertSame( array( 'app_password', 'hmac', 'token', 'jwt' ), $answer['json']['auth_methods'] );
		self::assertEqualsWithDelta( 1000 * time(), $answer['json']['server_time_ms'], 60000 );
	}

	public function test_status_signed(): void {
		foreach ( array( 0 => 200, -299 => 200, -400 => 401, 400 => 401 ) as $off => $status ) {
			$timestamp = (string) ( time() + $off );
			$headers   = array(
				'X-Gatepost-Timestamp' => $timestamp,
				'X-Signature'          => hash_hmac( 'sha256', "GET /ai-guy/v1/status\n$timestamp", $this->site()->env( 'HMAC_SHARED_SECRET' ) ),
			);
			self::assertSame( $status, $this->site()->send( 'GET', 'status', null, $headers, array() )['status'], "clock off by $off" );
		}
		// The signature over an empty body would be good for ever.
		self::assertSame( 401, $this->site()->send( 'GET', 'status', null, array(), array( 'signature' ) )['status'] );
	}

	public function test_rate_limit(): void {
		$headers  = array( 'X-Test-Address' => '198.51.100.' . random_int( 1, 254 ) ) + self::with( array( 'rate_limit' => 7 ) );
		$headers += array( 'X-Other' => 'x' );
		$statuses = array();
		for ( $i = 0; $i < 15; $i++ ) {
			// Fifteen requests are more than seven a minute, even when a minute ends among them.
			$answer     = $this->site()->send( 'GET', 'status', null, $headers );
			$statuses[] = $answer['status'];
			if ( 429 === $answer['status'] ) {
				self::assertMatchesRegularExpression( '/^Retry-After: [1-9]\d?\r$/mi', $answer['headers'] );
				self::assertSame( 'gatepost_rate_limited', $answer['json']['code'] );
			}
		}
		self::assertSame( array_fill( 0, 7, 200 ), array_slice( $statuses, 0, 7 ) );
		self::assertContains( 429, $statuses );
	}

	/**
	 * Wrong attempts have a limit of their own. After it the right password is refused too, but what is rightly signed
	 * passes: strangers may share the gateway's address.
	 *
	 * @dataProvider attempts
	 */
	public function test_limit_of_failures( array $wrong ): void {
		$headers  = array( 'X-Test-Address' => '2001:db8:' . dechex( random_int( 1, 65535 ) ) . ':' . dechex( random_int( 1, 65535 ) ) . '::1' );
		$headers += self::with( array( 'rate_limit' => 1000 ) );
		$statuses = array();
		for ( $i = 0; $i < 61; $i++ ) {
			$statuses[] = $this->site()->send( 'GET', 'status', null, $wrong + $headers, array() )['status'];
		}
		self::assertSame( array_fill( 0, 30, 401 ), array_slice( $statuses, 0, 30 ) );
		self::assertContains( 429, $statuses );
		self::assertSame( 200, $this->site()->send( 'POST', 'batch', self::BODY, $headers, array( 'signature' ) )['status'] );
		self::assertSame( 200, $this->site()->send( 'POST', 'batch', self::BODY, $headers, array( 'signature', 'password' ) )['status'] );
	}

	/**
	 * The limit of requests neither; but a signature does not help past the allowlist.
	 */
	public function test_signed_requests_pass_the_limit(): void {
		$headers = array( 'X-Test-Address' => '203.0.113.' . random_int( 1, 254 ) ) + self::with( array( 'rate_limit' => 1 ) );
		for ( $i = 0; $i < 4; $i++ ) {
			self::assertSame( 200, $this->site()->send( 'POST', 'batch', self::BODY, $headers, array( 'signature' ) )['status'] );
		}
		$statuses = array();
		for ( $i = 0; $i < 3; $i++ ) {
			$statuses[] = $this->site()->send( 'POST', 'batch', self::BODY, $headers, array( 'password' ) )['status'];
		}
		self::assertContains( 429, $statuses );
		$wrong = array( 'X-Signature' => str_repeat( 'a', 64 ) );
		self::assertContains( $this->site()->send( 'POST', 'batch', self::BODY, $wrong + $headers, array() )['status'], array( 401, 429 ) );
	}

	public function attempts(): array {
		return array(
			'signature' => array( array( 'X-Signature' => 'a' ) ),
			'password'  => array( array( 'Authorization' => 'Basic ' . base64_encode( 'gatepost:wrong' ) ) ),
		);
	}
}
