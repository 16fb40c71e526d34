<?php
/**
 * The site under test.
 *
 * @package Gatepost
 */

/**
 * Talks to the WordPress of scripts/wordpress-site: by HTTP as the gateway does, and to its database to see what came of it.
 */
final class Gatepost_Test_Site {

	/**
	 * The lines of DIR/env.
	 */
	private array $env = array();

	/**
	 * The site's database.
	 */
	private mysqli $db;

	public function __construct( string $dir ) {
		foreach ( file( "$dir/env", FILE_IGNORE_NEW_LINES ) as $line ) {
			list( $name, $value ) = explode( '=', $line, 2 );
			$this->env[ $name ]   = $value;
		}
		mysqli_report( MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT );
		$this->db = new mysqli( 'localhost', $this->env['WORDPRESS_DB_USER'], $this->env['WORDPRESS_DB_PASSWORD'], $this->env['WORDPRESS_DB_NAME'], 0, $this->env['WORDPRESS_DB_SOCKET'] );
	}

	public function env( string $name ): string {
		return $this->env[ $name ];
	}

	/**
	 * All rows of a query; ? are the values, in order.
	 */
	public function rows( string $sql, array $values = array() ): array {
		$statement = $this->db->prepare( $sql );
		$statement->execute( $values );
		$result = $statement->get_result();
		return false === $result ? array() : $result->fetch_all( MYSQLI_ASSOC );
	}

	public function value( string $sql, array $values = array() ) {
		$rows = $this->rows( $sql, $values );
		return array() === $rows ? null : array_values( $rows[0] )[0];
	}

	/**
	 * Sends one request. `auth` is a list of right (password, signature, token) or a header's own text.
	 */
	public function send( string $method, string $path, ?string $body, array $headers = array(), array $auth = array( 'password' ) ): array {
		return $this->send_all( array( array( $method, $path, $body, $headers, $auth ) ) )[0];
	}

	/**
	 * Sends many at the same time.
	 */
	public function send_all( array $requests ): array {
		$multi   = curl_multi_init();
		$handles = array();
		foreach ( $requests as $request ) {
			$handle    = $this->handle( ...$request );
			$handles[] = $handle;
			curl_multi_add_handle( $multi, $handle );
		}
		do {
			curl_multi_exec( $multi, $running );
			curl_multi_select( $multi, 0.1 );
		} while ( $running > 0 );
		return array_map( array( $this, 'answer' ), $handles );
	}

	private function handle( string $method, string $path, ?string $body, array $headers = array(), array $auth = array( 'password' ) ): CurlHandle {
		$handle   = curl_init();
		$headers += array( 'Content-Type' => 'application/json' );
		if ( false !== getenv( 'GATEPOST_TEST_CACHE' ) ) {
			$headers['X-Test-Cache'] = '1';
		}
		if ( in_array( 'password', $auth, true ) ) {
			$headers['Authorization'] = 'Basic ' . base64_encode( $this->env['WORDPRESS_USER'] . ':' . $this->env['WORDPRESS_APP_PASSWORD'] );
		}
		if ( in_array( 'token', $auth, true ) ) {
			$headers['Authorization'] = 'Bearer ' . $this->env['WORDPRESS_TEST_TOKEN'];
		}
		if ( in_array( 'signature', $auth, true ) ) {
			$headers['X-Signature'] = hash_hmac( 'sha256', (string) $body, $this->env['HMAC_SHARED_SECRET'] );
		}
		$url = 0 === strpos( $path, '/' ) ? $this->env['WORDPRESS_BASE_URL'] . $path : $this->env['WORDPRESS_BASE_URL'] . "/wp-json/ai-guy/v1/$path";
		curl_setopt_array(
			$handle,
			array(
				CURLOPT_URL            => $url,
				CURLOPT_CUSTOMREQUEST  => $method,
				CURLOPT_RETURNTRANSFER => true,
				CURLOPT_HEADER         => true,
				CURLOPT_TIMEOUT        => 60,
				CURLOPT_HTTPHEADER     => array_map( static fn( $name, $value ) => "$name: $value", array_keys( $headers ), $headers ),
			)
		);
		if ( null !== $body ) {
			curl_setopt( $handle, CURLOPT_POSTFIELDS, $body );
		}
		return $handle;
	}

	private function answer( CurlHandle $handle ): array {
		$text = (string) curl_multi_getcontent( $handle );
		$size = curl_getinfo( $handle, CURLINFO_HEADER_SIZE );
		return array(
			'status'  => curl_getinfo( $handle, CURLINFO_RESPONSE_CODE ),
			'headers' => substr( $text, 0, $size ),
			'body'    => substr( $text, $size ),
			'json'    => json_decode( substr( $text, $size ), true ),
		);
	}
}
