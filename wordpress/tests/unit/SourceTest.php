<?php
/**
 * The plugin's own text.
 *
 * @package Gatepost
 */

use PHPUnit\Framework\TestCase;

/**
 * What nobody should have to look for at every change: what is printed is escaped, what goes into SQL is prepared, and nothing needs a
 * newer PHP than readme.txt says.
 */
final class SourceTest extends TestCase {

	/**
	 * What stands in one of these is safe to print.
	 */
	private const ESCAPING = array( 'esc_html', 'esc_attr', 'esc_url', 'esc_textarea', 'esc_html__', 'esc_attr__', 'wp_kses_post', 'checked', 'selected' );

	/**
	 * Variables that may stand in SQL: names of tables, and what prepare() has given or what holds no text from outside.
	 */
	private const IN_SQL = array(
		'$table', '$name', '$list', '$users', '$keys', '$orders', '$rate', '$collate', '$wpdb',
		'$row', '$whose', '$pages', '$condition', '$limits', '$order', '$which', '$hits',
	);

	public function files(): array {
		$files = array();
		foreach ( new RecursiveIteratorIterator( new RecursiveDirectoryIterator( dirname( __DIR__, 2 ) . '/gatepost', FilesystemIterator::SKIP_DOTS ) ) as $file ) {
			if ( 'php' === $file->getExtension() ) {
				$files[ $file->getFilename() ] = array( $file->getPathname() );
			}
		}
		return $files;
	}

	/**
	 * @dataProvider files
	 */
	public function test_what_is_printed_is_escaped( string $file ): void {
		$found = self::unescaped( file_get_contents( $file ) );
		self::assertSame( array(), $found, basename( $file ) );
	}

	public function test_the_test_of_output_finds_something(): void {
		self::assertSame( array( '$a' ), self::unescaped( '<?php echo "<p>" . $a . esc_html( $b );' ) );
		self::assertSame( array( '$a' ), self::unescaped( '<?php echo "<p $a>";' ) );
		self::assertSame( array( 'html' ), self::unescaped( '<?php printf( "<p>%s</p>", self::html( esc_html( 1 ) ) );' ) );
		self::assertSame( array( '$c' ), self::unescaped( '<?php print( esc_attr( $a ) . $c );' ) );
		self::assertSame( array(), self::unescaped( '<?php printf( "%d%s", (int) $a, esc_html( f( $b ) ) ); echo "a", esc_url( $c->d ); $e = sprintf( "%s", $f );' ) );
		self::assertSame( array(), self::unescaped( "<?php echo \$a; // phpcs:ignore WordPress.Security.EscapeOutput -- escaped there." ) );
	}

	/**
	 * Variables and calls that are printed without one of ESCAPING round them, but for lines that say why.
	 */
	private static function unescaped( string $source ): array {
		$lines  = explode( "\n", $source );
		$tokens = PhpToken::tokenize( $source );
		$found  = array();
		foreach ( $tokens as $start => $token ) {
			if ( $token->is( array( T_ECHO, T_PRINT, T_OPEN_TAG_WITH_ECHO ) ) || ( $token->is( T_STRING ) && in_array( $token->text, array( 'printf', 'vprintf' ), true ) ) ) {
				if ( false === strpos( $lines[ $token->line - 1 ], 'Security.EscapeOutput' ) ) {
					$found = array_merge( $found, self::unescaped_in( array_slice( $tokens, $start + 1 ) ) );
				}
			}
		}
		return $found;
	}

	/**
	 * The same of one statement, up to its semicolon.
	 */
	private static function unescaped_in( array $tokens ): array {
		$tokens = array_values( array_filter( $tokens, static fn( $token ) => ! $token->isIgnorable() ) );
		$found  = array();
		$safe   = array();
		$cast   = false;
		foreach ( $tokens as $index => $token ) {
			$before = $index > 0 ? $tokens[ $index - 1 ]->text : '';
			$after  = $tokens[ $index + 1 ]->text ?? '';
			if ( ';' === $token->text && array() === $safe ) {
				break;
			}
			if ( '(' === $token->text ) {
				$safe[] = in_array( true, $safe, true ) || in_array( $before, self::ESCAPING, true );
			} elseif ( ')' === $token->text ) {
				array_pop( $safe );
			} elseif ( $token->is( T_INT_CAST ) ) {
				$cast = true;
			} elseif ( $token->is( T_VARIABLE ) && ! in_array( true, $safe, true ) && '->' !== $before ) {
				// What only chooses between two texts is not printed.
				if ( ! $cast && '?' !== $after ) {
					$found[] = $token->text;
				}
				$cast = false;
			} elseif ( $token->is( T_STRING ) && '(' === $after && ! in_array( true, $safe, true ) && ! in_array( $token->text, self::ESCAPING, true ) ) {
				$found[] = $token->text;
			}
		}
		return $found;
	}

	/**
	 * @dataProvider files
	 */
	public function test_what_goes_into_sql_is_prepared( string $file ): void {
		self::assertSame( array(), self::loose_in_sql( file_get_contents( $file ) ), basename( $file ) );
	}

	public function test_the_test_of_sql_finds_something(): void {
		self::assertSame( array( '$id' ), self::loose_in_sql( '<?php f( "DELETE FROM $table WHERE id = $id" );' ) );
		self::assertSame( array( '$id' ), self::loose_in_sql( '<?php f( "DELETE FROM $table WHERE id = " . $id );' ) );
		self::assertSame( array( '$_GET' ), self::loose_in_sql( "<?php f( 'SELECT 1 WHERE a = ' . \$_GET['a'] . ' LIMIT 1' );" ) );
		self::assertSame( array(), self::loose_in_sql( '<?php f( $wpdb->prepare( "UPDATE $table SET a = %s", $a ) ); $b = "selected $c";' ) );
	}

	/**
	 * Variables in texts that begin as SQL does, or that are joined to one.
	 */
	private static function loose_in_sql( string $source ): array {
		$tokens = array_values( array_filter( PhpToken::tokenize( $source ), static fn( $token ) => ! $token->is( array( T_WHITESPACE, T_COMMENT, T_DOC_COMMENT ) ) ) );
		$found  = array();
		$quoted = false;
		$is_sql = false;
		foreach ( $tokens as $index => $token ) {
			$starts = 1 === preg_match( '/^[\'"]?\s*(SELECT|INSERT|UPDATE|DELETE|REPLACE|CREATE TABLE|DROP|ALTER|SHOW)\s/', $token->text );
			if ( '"' === $token->text ) {
				$quoted = ! $quoted;
			} elseif ( $token->is( array( T_CONSTANT_ENCAPSED_STRING, T_ENCAPSED_AND_WHITESPACE ) ) ) {
				$is_sql = $is_sql || $starts;
			} elseif ( ! $quoted && in_array( $token->text, array( ',', ';', ')' ), true ) ) {
				$is_sql = false;
			} elseif ( $is_sql && $token->is( T_VARIABLE ) && ( $quoted || '.' === $tokens[ $index - 1 ]->text ) && ! in_array( $token->text, self::IN_SQL, true ) ) {
				$found[] = $token->text;
			}
		}
		return $found;
	}

	/**
	 * @dataProvider files
	 */
	public function test_php_8_0_can_read_it( string $file ): void {
		self::assertSame( array(), self::newer_than_8_0( file_get_contents( $file ) ), basename( $file ) );
	}

	public function test_the_test_of_the_version_finds_something(): void {
		$newer = array(
			'enum A {}',
			'final class A { public function __construct( private readonly int $a ) {} }',
			'function f(): never {}',
			'$f = strlen(...);',
			'$a = 0o17;',
			'function f( A $a = new A() ) {}',
			'array_is_list( array() );',
			'class A { final public const B = 1; }',
			'function f(): true {}',
			'readonly class A {}',
		);
		foreach ( $newer as $code ) {
			self::assertNotSame( array(), self::newer_than_8_0( "<?php $code" ), $code );
		}
		self::assertSame( array(), self::newer_than_8_0( '<?php function f( ?A $a = null, int ...$b ): static { return new A(); } $x = $y?->z; $m = match ( 1 ) { 1 => 2 }; // a readonly enum: never' ) );
	}

	/**
	 * Words of PHP 8.1 to 8.3 in a source.
	 */
	private static function newer_than_8_0( string $source ): array {
		$code  = implode( '', array_map( static fn( $token ) => $token->is( array( T_COMMENT, T_DOC_COMMENT, T_CONSTANT_ENCAPSED_STRING, T_ENCAPSED_AND_WHITESPACE ) ) ? ' ' : $token->text, PhpToken::tokenize( $source ) ) );
		$newer = array(
			'an enum'                             => '/\benum\s+[A-Z]\w*/',
			'readonly'                            => '/\breadonly\b/',
			'never, or true, false, null alone'   => '/\):\s*(never|true|false|null)\b(?!\s*\|)/',
			'a first-class callable'              => '/\(\s*\.\.\.\s*\)/',
			'an octal prefix'                     => '/\b0[oO][0-7]/',
			'new in a default'                    => '/function\s*\w*\s*\([^)]*=\s*new\b/',
			'a final constant'                    => '/\bfinal\s+(public\s+|protected\s+)?const\b/',
			'a typed constant'                    => '/\bconst\s+(string|int|array|bool|float|self)\s+\w+\s*=/',
			'an intersection type'                => '/[A-Z]\w*&[A-Z]\w*\s+\$/',
			'a function that came later'          => '/\b(array_is_list|fsync|fdatasync|enum_exists|mysqli_execute_query|ini_parse_quantity|json_validate|memory_reset_peak_usage|curl_upkeep|str_increment|mb_str_pad|array_find)\s*\(/',
			'an attribute or class of later'      => '/\b(Override|SensitiveParameter|Random\\\\\w+|WeakMapIterator|Fiber)\b/',
		);
		return array_keys( array_filter( $newer, static fn( $pattern ) => 1 === preg_match( $pattern, $code ) ) );
	}
}
