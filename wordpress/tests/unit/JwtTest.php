<?php
/**
 * JSON Web Tokens.
 *
 * @package Gatepost
 */

use PHPUnit\Framework\TestCase;

/**
 * The key decides the algorithm; every claim is looked at, with its edges.
 */
final class JwtTest extends TestCase {

	private const SITE = 'https://example.org/shop';
	private const NOW  = 10000;

	private static function keys(): array {
		$pair = sodium_crypto_sign_seed_keypair( str_repeat( 'k', 32 ) );
		return array(
			array( 'kid' => 'a', 'alg' => 'HS256', 'key' => 'secret-a' ),
			array( 'kid' => 'b', 'alg' => 'HS256', 'key' => 'secret-b' ),
			array( 'kid' => 'e', 'alg' => 'EdDSA', 'key' => sodium_crypto_sign_publickey( $pair ) ),
		);
	}

	private static function claims( array $more = array() ): array {
		return $more + array(
			'iss'   => 'gatepost',
			'aud'   => self::SITE,
			'iat'   => self::NOW,
			'exp'   => self::NOW + 300,
			'jti'   => 'x',
			'scope' => 'user-sync batch',
		);
	}

	private static function check( string $token ): array {
		return Gatepost_Jwt::check( $token, self::keys(), array( self::SITE . '/', 'https://www.example.org' ), self::NOW );
	}

	/**
	 * Header, claims, secret, and the problem.
	 */
	public function tokens(): array {
		$ahead = static fn( int $by, int $lasts = 300 ) => array( 'iat' => self::NOW + $by, 'exp' => self::NOW + $by + $lasts );
		return array(
			'good'                          => array( array( 'kid' => 'a' ), array(), 'secret-a', '' ),
			'the next key'                  => array( array( 'kid' => 'b' ), array(), 'secret-b', '' ),
			'no kid: any key of its kind'   => array( array(), array(), 'secret-b', '' ),
			'the kid of another key'        => array( array( 'kid' => 'b' ), array(), 'secret-a', 'wrong' ),
			'an unknown kid'                => array( array( 'kid' => 'c' ), array(), 'secret-a', 'wrong' ),
			'kid is a number'               => array( array( 'kid' => 1 ), array(), 'secret-a', 'wrong' ),
			'another secret'                => array( array( 'kid' => 'a' ), array(), 'secret-c', 'wrong' ),
			'alg none'                      => array( array( 'kid' => 'a', 'alg' => 'none' ), array(), 'secret-a', 'wrong' ),
			'alg HS512'                     => array( array( 'kid' => 'a', 'alg' => 'HS512' ), array(), 'secret-a', 'wrong' ),
			'alg hs256'                     => array( array( 'kid' => 'a', 'alg' => 'hs256' ), array(), 'secret-a', 'wrong' ),
			'HMAC with the public key'      => array( array( 'kid' => 'e' ), array(), self::keys()[2]['key'], 'wrong' ),
			'another typ'                   => array( array( 'kid' => 'a', 'typ' => 'at+jwt' ), array(), 'secret-a', 'wrong' ),
			'no typ'                        => array( array( 'kid' => 'a', 'typ' => null ), array(), 'secret-a', '' ),
			'something critical'            => array( array( 'kid' => 'a', 'crit' => array( 'b64' ) ), array(), 'secret-a', 'wrong' ),
			'another issuer'                => array( array(), array( 'iss' => 'other' ), 'secret-a', 'issuer' ),
			'no issuer'                     => array( array(), array( 'iss' => null ), 'secret-a', 'issuer' ),
			'a slash at the end'            => array( array(), array( 'aud' => self::SITE . '/' ), 'secret-a', '' ),
			'capital letters in the host'   => array( array(), array( 'aud' => 'https://Example.ORG/shop' ), 'secret-a', '' ),
			'capital letters in the path'   => array( array(), array( 'aud' => 'https://example.org/Shop' ), 'secret-a', 'audience' ),
			'the other address'             => array( array(), array( 'aud' => array( 'https://www.example.org/' ) ), 'secret-a', '' ),
			'another site'                  => array( array(), array( 'aud' => 'https://example.org' ), 'secret-a', 'audience' ),
			'a site that begins so'         => array( array(), array( 'aud' => self::SITE . '.evil.example' ), 'secret-a', 'audience' ),
			'no audience'                   => array( array(), array( 'aud' => null ), 'secret-a', 'audience' ),
			'lasts a second too long'       => array( array(), array( 'exp' => self::NOW + 301 ), 'secret-a', 'lifetime' ),
			'ends before it begins'         => array( array(), array( 'exp' => self::NOW ), 'secret-a', 'lifetime' ),
			'no iat'                        => array( array(), array( 'iat' => null ), 'secret-a', 'lifetime' ),
			'no exp'                        => array( array(), array( 'exp' => null ), 'secret-a', 'lifetime' ),
			'exp is a text'                 => array( array(), array( 'exp' => '10300' ), 'secret-a', 'lifetime' ),
			'just expired'                  => array( array(), $ahead( -359 ), 'secret-a', '' ),
			'expired'                       => array( array(), $ahead( -360 ), 'secret-a', 'expired' ),
			'the gateway\'s clock is ahead' => array( array(), $ahead( 60 ), 'secret-a', '' ),
			'too far ahead'                 => array( array(), $ahead( 61 ), 'secret-a', 'early' ),
			'not before'                    => array( array(), array( 'nbf' => self::NOW + 61 ), 'secret-a', 'early' ),
			'no jti'                        => array( array(), array( 'jti' => null ), 'secret-a', 'id' ),
			'empty jti'                     => array( array(), array( 'jti' => '' ), 'secret-a', 'id' ),
		);
	}

	/**
	 * @dataProvider tokens
	 */
	public function test_token( array $header, array $claims, string $secret, string $problem ): void {
		$verdict = self::check( Gatepost_Test_Token::hs256( $header, self::claims( $claims ), $secret ) );
		self::assertSame( $problem, $verdict['problem'] );
		self::assertSame( '' === $problem ? array( 'user-sync', 'batch' ) : array(), $verdict['scopes'] );
	}

	public function test_a_public_key(): void {
		$pair = sodium_crypto_sign_seed_keypair( str_repeat( 'k', 32 ) );
		$key  = sodium_crypto_sign_secretkey( $pair );
		self::assertSame( '', self::check( Gatepost_Test_Token::eddsa( array( 'kid' => 'e' ), self::claims(), $key ) )['problem'] );
		self::assertSame( 'wrong', self::check( Gatepost_Test_Token::eddsa( array( 'kid' => 'e', 'alg' => 'HS256' ), self::claims(), $key ) )['problem'] );
		self::assertSame( 'wrong', self::check( Gatepost_Test_Token::eddsa( array( 'kid' => 'a' ), self::claims(), $key ) )['problem'] );
		$other = sodium_crypto_sign_secretkey( sodium_crypto_sign_seed_keypair( str_repeat( 'o', 32 ) ) );
		self::assertSame( 'wrong', self::check( Gatepost_Test_Token::eddsa( array( 'kid' => 'e' ), self::claims(), $other ) )['problem'] );
	}

	/**
	 * RFC 7515, appendix A.1: a known answer of others' making. The claims are not ours, the signature is right.
	 */
	public function test_a_known_answer(): void {
		$token = 'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ'
			. '.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
		$key   = array( 'kid' => 'rfc', 'alg' => 'HS256', 'key' => base64_decode( strtr( 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow', '-_', '+/' ) ) );
		self::assertSame( 'issuer', Gatepost_Jwt::check( $token, array( $key ), array( self::SITE ), 1300819300 )['problem'] );
		self::assertSame( 'wrong', Gatepost_Jwt::check( $token . 'A', array( $key ), array( self::SITE ), 1300819300 )['problem'] );
	}

	public function test_no_token_at_all(): void {
		foreach ( array( '', 'a', 'a.b', 'a.b.c', '..', 'a.b.c.d', str_repeat( 'a', 5000 ) . '.b.c' ) as $text ) {
			self::assertSame( 'wrong', self::check( $text )['problem'], $text );
		}
	}
}
