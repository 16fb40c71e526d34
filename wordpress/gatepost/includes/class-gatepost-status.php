<?php
/**
 * How the plugin is.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * GET /status: what the gateway's doctor wants to know.
 */
final class Gatepost_Status {

	/**
	 * Answers.
	 */
	public static function answer(): WP_REST_Response {
		return new WP_REST_Response(
			array(
				'plugin_version'      => GATEPOST_VERSION,
				'schema_version'      => Gatepost_Tables::installed_version(),
				'wordpress_version'   => get_bloginfo( 'version' ),
				'php_version'         => PHP_VERSION,
				'server_time_ms'      => Gatepost_Time::now(),
				'site_url'            => home_url(),
				'self_test'           => Gatepost_Item::SELF_TEST,
				'auth_required'       => Gatepost_Settings::get( 'require' ),
				'auth_methods'        => self::methods(),
				'batch_max_items'     => (int) apply_filters( 'gatepost_batch_max_items', Gatepost_Settings::get( 'batch_items' ) ),
				'orders_pending'      => Gatepost_Orders::count( 'pending' ),
				'orders_failed'       => Gatepost_Orders::count( 'failed' ),
				'oldest_order_age_ms' => Gatepost_Orders::oldest_age( Gatepost_Time::now() ),
				'wp_cron'             => defined( 'DISABLE_WP_CRON' ) && DISABLE_WP_CRON ? 'crontab' : 'loopback',
			)
		);
	}

	/**
	 * The ways of authentication that would work now.
	 *
	 * @return string[]
	 */
	public static function methods(): array {
		$ready = array(
			'app_password' => wp_is_application_passwords_available(),
			'hmac'         => array() !== Gatepost_Secrets::values(),
			'token'        => '' !== Gatepost_Settings::token_sha256(),
			'jwt'          => array() !== Gatepost_Token::keys(),
		);
		return array_keys( array_filter( $ready ) );
	}
}
