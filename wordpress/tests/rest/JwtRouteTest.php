<?php
/**
 * JSON Web Tokens on the routes.
 *
 * @package Gatepost
 */

/**
 * Scope by route, keys by kid, and what a refusal says.
 */
final class JwtRouteTest extends Gatepost_Rest_Test_Case {

	private function token( array $claims = array(), array $header = array(), ?string $secret = null ): array {
		$claims += array(
			'iss'   => 'gatepost',
			'aud'   => $this->site()->env( 'WORDPRESS_BASE_URL' ) . '/',
			'iat'   => time(),
			'exp'   => time() + 300,
			'jti'   => self::id( 'jti' ),
			'scope' => 'user-sync order-event batch',
		);
		return array( 'Authorization' => 'Bearer ' . Gatepost_Test_Token::hs256( $header, $claims, $secret ?? $this->site()->env( 'HMAC_SHARED_SECRET' ) ) );
	}

	/**
	 * A scope and the routes that it opens.
	 */
	public function scopes(): array {
		return array(
			'all'            => array( 'user-sync order-event batch', array( 'user-sync', 'order-event', 'batch', 'status' ) ),
			'users'          => array( 'user-sync', array( 'user-sync', 'status' ) ),
			'batches'        => array( 'batch', array( 'batch', 'status' ) ),
			'something else' => array( 'read write', array() ),
			'a prefix'       => array( 'batches', array() ),
			'none'           => array( '', array() ),
		);
	}

	/**
	 * @dataProvider scopes
	 */
	public function test_scope( string $scope, array $open ): void {
		foreach ( array( 'user-sync' => 400, 'order-event' => 400, 'batch' => 400, 'status' => 200 ) as $route => $status ) {
			$method = 'status' === $route ? 'GET' : 'POST';
			$answer = $this->site()->send( $method, $route, 'GET' === $method ? null : '{}', $this->token( array( 'scope' => $scope ) ), array() );
			self::assertSame( in_array( $route, $open, true ) ? $status : 403, $answer['status'], "$route: {$answer['body']}" );
			if ( 403 === $answer['status'] ) {
				self::assertSame( 'gatepost_scope_missing', $answer['json']['code'] );
			}
		}
		// WordPress finds a route whatever the case of its letters.
		self::assertSame( in_array( 'batch', $open, true ) ? 400 : 403, $this->site()->send( 'POST', 'BATCH', '{}', $this->token( array( 'scope' => $scope ) ), array() )['status'] );
	}

	public function test_an_expired_one_says_so(): void {
		$answer = $this->site()->send( 'GET', 'status', null, $this->token( array( 'iat' => time() - 400, 'exp' => time() - 100 ) ), array() );
		self::assertSame( array( 401, 'gatepost_token_expired' ), array( $answer['status'], $answer['json']['code'] ) );
		$answer = $this->site()->send( 'GET', 'status', null, $this->token( array(), array(), 'another secret' ), array() );
		self::assertSame( array( 401, 'gatepost_token_wrong' ), array( $answer['status'], $answer['json']['code'] ) );
	}

	public function test_a_public_key_of_the_settings(): void {
		$pair     = sodium_crypto_sign_seed_keypair( str_repeat( 's', 32 ) );
		$settings = self::with( array( 'public_keys' => array( 'edge ' . base64_encode( sodium_crypto_sign_publickey( $pair ) ) ) ) );
		$claims   = array( 'iss' => 'gatepost', 'aud' => $this->site()->env( 'WORDPRESS_BASE_URL' ), 'iat' => time(), 'exp' => time() + 60, 'jti' => 'x', 'scope' => 'batch' );
		$token    = array( 'Authorization' => 'Bearer ' . Gatepost_Test_Token::eddsa( array( 'kid' => 'edge' ), $claims, sodium_crypto_sign_secretkey( $pair ) ) );
		self::assertSame( 200, $this->site()->send( 'GET', 'status', null, $token + $settings, array() )['status'] );
		self::assertSame( 401, $this->site()->send( 'GET', 'status', null, $token, array() )['status'] );
	}
}
