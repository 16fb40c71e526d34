<?php
/**
 * Site Health.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * One direct test: are the tables there, can the gateway authenticate, are order events worked on.
 */
final class Gatepost_Site_Health {

	/**
	 * A pending order event this old, in ms, says that WP-Cron does not run.
	 */
	private const TOO_OLD = 3600000;

	/**
	 * Adds the test.
	 *
	 * @param array $tests WordPress's.
	 */
	public static function add( array $tests ): array {
		$tests['direct']['gatepost'] = array(
			'label' => __( 'Gatepost', 'gatepost' ),
			'test'  => array( self::class, 'test' ),
		);
		return $tests;
	}

	/**
	 * The test.
	 */
	public static function test(): array {
		$problems = self::problems();
		$good     = array() === $problems;
		$lines    = $good ? array( __( 'Tables are there, the gateway can authenticate, order events are worked on.', 'gatepost' ) ) : $problems;
		return array(
			'label'       => $good ? __( 'Gatepost is ready for events', 'gatepost' ) : __( 'Gatepost needs attention', 'gatepost' ),
			'status'      => $good ? 'good' : 'critical',
			'badge'       => array(
				'label' => __( 'Gatepost', 'gatepost' ),
				'color' => 'blue',
			),
			'description' => '<p>' . implode( '</p><p>', array_map( 'esc_html', $lines ) ) . '</p>',
			'actions'     => sprintf( '<a href="%s">%s</a>', esc_url( admin_url( 'options-general.php?page=gatepost' ) ), esc_html__( 'Gatepost settings', 'gatepost' ) ),
			'test'        => 'gatepost',
		);
	}

	/**
	 * What is wrong, in words.
	 *
	 * @return string[]
	 */
	public static function problems(): array {
		$missing = Gatepost_Tables::missing();
		if ( array() !== $missing ) {
			/* translators: %s: names of tables. */
			return array( sprintf( __( 'Tables are missing: %s. Deactivate and activate the plugin; the database user needs the right to create tables.', 'gatepost' ), implode( ', ', $missing ) ) );
		}
		$problems = array();
		if ( array() === Gatepost_Status::methods() ) {
			$problems[] = __( 'The gateway has no way to authenticate: set a shared secret or a token, or make Application Passwords available (HTTPS).', 'gatepost' );
		}
		if ( array() !== Gatepost_Settings::get( 'secrets' ) && array() === Gatepost_Settings::secrets() ) {
			$problems[] = __( 'The shared secret cannot be opened because the salts in wp-config.php have changed: enter it again.', 'gatepost' );
		}
		if ( Gatepost_Orders::oldest_age( Gatepost_Time::now() ) > self::TOO_OLD ) {
			$problems[] = __( 'Order events have waited for more than an hour: WP-Cron does not run, or a listener keeps failing.', 'gatepost' );
		}
		return $problems;
	}
}
