<?php
/**
 * What the tests of the admin pages share.
 *
 * @package Gatepost
 */

/**
 * A browser without scripts: cookies, pages, forms.
 */
abstract class Gatepost_Admin_Test_Case extends Gatepost_Rest_Test_Case {

	protected const FORM = 'application/x-www-form-urlencoded';

	private static array $cookies = array();

	/**
	 * Logs in once and gives the cookies.
	 */
	protected function cookies( string $login = 'gatepost', ?string $password = null ): string {
		if ( ! isset( self::$cookies[ $login ] ) ) {
			$form   = http_build_query( array( 'log' => $login, 'pwd' => $password ?? $this->site()->env( 'WORDPRESS_ADMIN_PASSWORD' ), 'testcookie' => '1' ) );
			$answer = $this->site()->send( 'POST', '/wp-login.php', $form, array( 'Content-Type' => self::FORM, 'Cookie' => 'wordpress_test_cookie=WP%20Cookie%20check' ), array() );
			self::assertSame( 302, $answer['status'], $answer['body'] );
			preg_match_all( '/^Set-Cookie: ([^;]+)/mi', $answer['headers'], $found );
			self::$cookies[ $login ] = implode( '; ', $found[1] );
		}
		return self::$cookies[ $login ];
	}

	protected function get( string $path, ?string $cookies = null ): array {
		return $this->site()->send( 'GET', "/wp-admin/$path", null, array( 'Cookie' => $cookies ?? $this->cookies() ), array() );
	}

	protected function post( string $path, array $fields, ?string $cookies = null ): array {
		return $this->site()->send( 'POST', "/wp-admin/$path", http_build_query( $fields ), array( 'Content-Type' => self::FORM, 'Cookie' => $cookies ?? $this->cookies() ), array() );
	}

	protected static function nonce( string $html ): string {
		self::assertSame( 1, preg_match( '/name="_wpnonce" value="([0-9a-f]+)"/', $html, $nonce ), 'the form has no nonce' );
		return $nonce[1];
	}

	/**
	 * The page as a document: it must be read without errors that a browser would have to mend in our part.
	 */
	protected static function document( string $html ): DOMXPath {
		$document = new DOMDocument();
		libxml_use_internal_errors( true );
		$document->loadHTML( $html );
		libxml_clear_errors();
		return new DOMXPath( $document );
	}
}
