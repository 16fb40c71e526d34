<?php
/**
 * Site Health.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Tools → Site Health: one test for each thing that must be right before events come through, with what to do about it.
 * Two look from outside (Gatepost_Loopback) and run in the background.
 */
final class Gatepost_Site_Health {

	public const LOOPBACK = 'gatepost-loopback';

	/**
	 * A pending order event this old, in ms, says that WP-Cron does not run.
	 */
	private const TOO_OLD = 3600000;

	/**
	 * Nothing arrived for so long, in ms.
	 */
	private const QUIET = 7 * 86400000;

	/**
	 * The direct tests, by name.
	 */
	private const DIRECT = array( 'tables', 'auth', 'passwords', 'https', 'orders', 'cron', 'arrivals', 'clock' );

	/**
	 * Adds the tests.
	 *
	 * @param array $tests WordPress's.
	 */
	public static function add( array $tests ): array {
		foreach ( self::DIRECT as $name ) {
			$tests['direct'][ "gatepost_$name" ] = array(
				'label' => __( 'Gatepost', 'gatepost' ),
				'test'  => static fn() => self::result( $name, self::$name() ),
			);
		}
		$tests['async'][ self::LOOPBACK ] = array(
			'label'             => __( 'Gatepost', 'gatepost' ),
			'test'              => self::LOOPBACK,
			'async_direct_test' => array( self::class, 'loopback' ),
		);
		return $tests;
	}

	/**
	 * Answers admin-ajax.php for the test in the background.
	 */
	public static function answer_loopback(): void {
		check_ajax_referer( 'health-check-site-status' );
		if ( ! current_user_can( 'view_site_health_checks' ) ) {
			wp_send_json_error( null, 403 );
		}
		wp_send_json_success( self::loopback() );
	}

	/**
	 * The test from outside.
	 */
	public static function loopback(): array {
		return self::result( 'loopback', Gatepost_Loopback::finding() );
	}

	/**
	 * A finding as Site Health wants it.
	 *
	 * @param string $name    The test's.
	 * @param array  $finding Status and label, then words.
	 */
	private static function result( string $name, array $finding ): array {
		return array(
			'label'       => $finding[1],
			'status'      => $finding[0],
			'badge'       => array(
				'label' => __( 'Gatepost', 'gatepost' ),
				'color' => 'blue',
			),
			'description' => '<p>' . implode( '</p><p>', array_map( 'esc_html', array_slice( $finding, 2 ) ) ) . '</p>',
			'actions'     => sprintf( '<a href="%s">%s</a>', esc_url( admin_url( 'options-general.php?page=gatepost' ) ), esc_html__( 'Gatepost settings', 'gatepost' ) ),
			'test'        => "gatepost_$name",
		);
	}

	/**
	 * The tables.
	 */
	private static function tables(): array {
		$label   = __( 'Gatepost\'s tables are not as they must be', 'gatepost' );
		$missing = Gatepost_Tables::missing();
		if ( array() !== $missing ) {
			/* translators: %s: names of tables. */
			return array( 'critical', $label, sprintf( __( 'Missing: %s. Deactivate and activate the plugin; the database user needs the right to create tables.', 'gatepost' ), implode( ', ', $missing ) ) );
		}
		if ( ! Gatepost_Tables::is_current() ) {
			/* translators: 1: version found, 2: version wanted. */
			return array( 'critical', $label, sprintf( __( 'They have version %1$d, this plugin needs %2$d. Deactivate and activate the plugin; the database user needs the right to change tables.', 'gatepost' ), Gatepost_Tables::installed_version(), Gatepost_Tables::VERSION ) );
		}
		$engines = Gatepost_Tables::not_transactional();
		if ( array() !== $engines ) {
			/* translators: %s: names of tables. */
			return array( 'critical', $label, sprintf( __( 'Not InnoDB: %s. Without transactions a crash at the wrong moment loses an event or does it in part. Convert them: ALTER TABLE … ENGINE=InnoDB.', 'gatepost' ), implode( ', ', array_keys( $engines ) ) ) );
		}
		return array( 'good', __( 'Gatepost\'s tables are there', 'gatepost' ), __( 'All are of this version and InnoDB.', 'gatepost' ) );
	}

	/**
	 * Secrets and ways to authenticate.
	 */
	private static function auth(): array {
		if ( Gatepost_Secrets::are_unreadable() ) {
			return array( 'critical', __( 'Gatepost cannot read its shared secret', 'gatepost' ), __( 'The salts in wp-config.php have changed, so what was sealed with them cannot be opened: enter the secret again.', 'gatepost' ) );
		}
		if ( array() === Gatepost_Status::methods() ) {
			return array( 'critical', __( 'The gateway has no way to authenticate', 'gatepost' ), __( 'Set a shared secret or a token, or make Application Passwords available.', 'gatepost' ) );
		}
		if ( array() === Gatepost_Secrets::values() ) {
			return array( 'recommended', __( 'Gatepost has no shared secret', 'gatepost' ), __( 'Without one nothing proves that a request was not changed on its way. Set the same as HMAC_SHARED_SECRET of the gateway.', 'gatepost' ) );
		}
		return array( 'good', __( 'The gateway can authenticate', 'gatepost' ), implode( ', ', Gatepost_Status::methods() ) );
	}

	/**
	 * Application Passwords.
	 */
	private static function passwords(): array {
		if ( wp_is_application_passwords_available() ) {
			return array( 'good', __( 'Application Passwords are available to the gateway', 'gatepost' ), __( 'WordPress allows them on this site.', 'gatepost' ) );
		}
		$status = 'app_password' === Gatepost_Settings::get( 'require' ) ? 'critical' : 'recommended';
		return array( $status, __( 'Application Passwords are not available to the gateway', 'gatepost' ), __( 'They need HTTPS as WordPress sees it, and security plugins may switch them off. A bearer token or a signature does without.', 'gatepost' ) );
	}

	/**
	 * HTTPS.
	 */
	private static function https(): array {
		if ( 0 === strpos( home_url(), 'https://' ) || 'local' === wp_get_environment_type() ) {
			return array( 'good', __( 'Events come over HTTPS', 'gatepost' ), __( 'The address of the site says so, or the site is a local one.', 'gatepost' ) );
		}
		return array( 'critical', __( 'Events come without HTTPS', 'gatepost' ), __( 'Passwords, tokens and personal data travel in clear. Get a certificate, and change the site\'s address to https.', 'gatepost' ) );
	}

	/**
	 * Order events.
	 */
	private static function orders(): array {
		if ( array() !== Gatepost_Tables::missing() ) {
			return array( 'critical', __( 'Gatepost\'s order events have no table', 'gatepost' ), __( 'See the test of the tables.', 'gatepost' ) );
		}
		if ( Gatepost_Orders::oldest_age( Gatepost_Time::now() ) > self::TOO_OLD ) {
			return array( 'critical', __( 'Order events have waited for more than an hour', 'gatepost' ), __( 'WP-Cron does not run, or a listener keeps failing.', 'gatepost' ) );
		}
		$failed = Gatepost_Orders::count( 'failed' );
		if ( $failed > 0 ) {
			/* translators: %d: a number of order events. */
			$words = sprintf( _n( '%d has failed five times: look at it under Tools → Gatepost.', '%d have failed five times: look at them under Tools → Gatepost.', $failed, 'gatepost' ), $failed );
			return array( 'recommended', __( 'Order events have failed', 'gatepost' ), $words );
		}
		return array( 'good', __( 'Order events are worked on', 'gatepost' ), __( 'None waits for long, none has failed.', 'gatepost' ) );
	}

	/**
	 * WP-Cron.
	 */
	private static function cron(): array {
		$next = wp_next_scheduled( Gatepost_Schedule::TICK );
		if ( false === $next ) {
			return array( 'critical', __( 'Gatepost\'s tick is not scheduled', 'gatepost' ), __( 'Something took it out of WP-Cron: deactivate and activate the plugin.', 'gatepost' ) );
		}
		if ( $next < time() - HOUR_IN_SECONDS ) {
			return array( 'critical', __( 'WP-Cron has not run for an hour', 'gatepost' ), defined( 'DISABLE_WP_CRON' ) && DISABLE_WP_CRON ? __( 'DISABLE_WP_CRON is set: is there a crontab that runs "wp cron event run --due-now" each minute?', 'gatepost' ) : __( 'The server does not reach itself by HTTP, or nobody visits the site: run WP-Cron from a crontab.', 'gatepost' ) );
		}
		return array( 'good', __( 'WP-Cron runs for Gatepost', 'gatepost' ), Gatepost_Schedule::has_action_scheduler() ? __( 'Order events are scheduled by Action Scheduler.', 'gatepost' ) : __( 'Order events are scheduled by WP-Cron.', 'gatepost' ) );
	}

	/**
	 * How long ago the last event arrived.
	 */
	private static function arrivals(): array {
		$last = array() === Gatepost_Tables::missing() ? Gatepost_Arrivals::last_at() : 0;
		if ( 0 === $last ) {
			return array( 'recommended', __( 'No event has arrived from the gateway', 'gatepost' ), __( 'That is as it should be before the gateway is set up, and where nothing came within the days that arrivals are listed.', 'gatepost' ) );
		}
		/* translators: %s: a span of time such as "2 hours". */
		$words = sprintf( __( 'The last one arrived %s ago.', 'gatepost' ), human_time_diff( intdiv( $last, 1000 ) ) );
		return Gatepost_Time::now() - $last > self::QUIET
			? array( 'recommended', __( 'No event has arrived for a week', 'gatepost' ), $words, __( 'Where more is expected: "gatepost status" on the gateway.', 'gatepost' ) )
			: array( 'good', __( 'Events arrive from the gateway', 'gatepost' ), $words );
	}

	/**
	 * The clock, against the database's: another is not at hand.
	 */
	private static function clock(): array {
		$off = abs( time() - (int) ( Gatepost_Db::row( 'SELECT UNIX_TIMESTAMP() AS now' )['now'] ?? 0 ) );
		if ( $off > 30 ) {
			/* translators: %d: a number of seconds. */
			$words = sprintf( __( 'By %d seconds. Tokens are good for minutes, and signed status requests for 300 seconds: set both machines by NTP.', 'gatepost' ), $off );
			return array( 'recommended', __( 'The clocks of PHP and the database differ', 'gatepost' ), $words );
		}
		return array( 'good', __( 'The clock agrees with the database\'s', 'gatepost' ), gmdate( 'Y-m-d H:i:s' ) . ' UTC' );
	}
}
