<?php
/**
 * The routes.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Routes under /wp-json/ai-guy/v1. Each has the permission callback of Gatepost_Auth, apart from its own.
 */
final class Gatepost_Rest {

	public const SPACE = 'ai-guy/v1';

	public const LARGEST_BODY = 8388608;

	/**
	 * What a JSON Web Token may be good for. `batch` covers whatever a batch holds.
	 */
	public const SCOPES = array( 'user-sync', 'order-event', 'batch', 'privacy' );

	private const NO_STORE = 'no-store, no-cache, must-revalidate, max-age=0';

	/**
	 * Registers the routes and what goes round them.
	 */
	public static function register(): void {
		foreach ( Gatepost_Item::ROUTES as $route ) {
			self::route( $route, 'POST', array( self::class, 'single' ) );
		}
		self::route( 'batch', 'POST', array( self::class, 'batch' ) );
		self::route( 'privacy', 'POST', array( 'Gatepost_Privacy_Route', 'answer' ) );
		self::route( 'status', 'GET', array( 'Gatepost_Status', 'answer' ) );

		add_filter( 'rest_request_before_callbacks', array( 'Gatepost_Rate_Limit', 'before' ), 10, 3 );
		add_filter( 'rest_request_after_callbacks', array( 'Gatepost_Rate_Limit', 'after' ), 10, 3 );
		add_filter( 'rest_post_dispatch', array( self::class, 'add_headers' ), 10, 3 );
	}

	/**
	 * Whether a route is one of ours.
	 *
	 * @param string $route As WordPress names it.
	 */
	public static function is_ours( string $route ): bool {
		// WordPress finds a route whatever the case of its letters.
		return 0 === stripos( ltrim( $route, '/' ), self::SPACE . '/' );
	}

	/**
	 * POST /user-sync and /order-event: one payload, its key in the header Idempotency-Key.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return WP_REST_Response|WP_Error
	 */
	public static function single( WP_REST_Request $request ) {
		try {
			$payload = self::json( $request );
			$key     = trim( (string) $request->get_header( 'idempotency_key' ) );
			if ( '' === $key ) {
				throw new Gatepost_Refusal( 'gatepost_key_missing', __( 'The header Idempotency-Key is missing.', 'gatepost' ), 400 );
			}
			$item          = new Gatepost_Item();
			$item->route   = basename( $request->get_route() );
			$item->key     = $key;
			$item->payload = $payload;
			$result        = self::runner( $request )->run( array( $item ) )[0];
			return 'refused' === $result['outcome'] ? self::refused( $result ) : new WP_REST_Response( $result, $result['status'] );
		} catch ( Gatepost_Refusal $refusal ) {
			return self::refused( Gatepost_Result::refused( $refusal->status, $refusal->error() ) );
		} catch ( Gatepost_Db_Error $error ) {
			return self::refused( Gatepost_Result::database_error( $error ) );
		}
	}

	/**
	 * POST /batch: many items, a result for each.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return WP_REST_Response|WP_Error
	 */
	public static function batch( WP_REST_Request $request ) {
		try {
			$body = self::json( $request );
			Gatepost_Schemas::check( 'batch', $body, 'body' );
			/**
			 * How many items a batch may have.
			 *
			 * @param int $most Items.
			 */
			$most = (int) apply_filters( 'gatepost_batch_max_items', Gatepost_Settings::get( 'batch_items' ) );
			if ( count( $body['items'] ) > $most ) {
				/* translators: %d: a number of items. */
				throw new Gatepost_Refusal( 'gatepost_batch_too_large', sprintf( __( 'A batch has at most %d items.', 'gatepost' ), $most ), 413 );
			}
			$items = array_map( array( 'Gatepost_Item', 'from_raw' ), array_values( $body['items'] ) );
			return new WP_REST_Response( array( 'results' => self::runner( $request )->run( $items ) ), 200 );
		} catch ( Gatepost_Refusal $refusal ) {
			return self::refused( Gatepost_Result::refused( $refusal->status, $refusal->error() ) );
		} catch ( Gatepost_Db_Error $error ) {
			return self::refused( Gatepost_Result::database_error( $error ) );
		}
	}

	/**
	 * No cache may keep an answer of ours; one that says "later" says when.
	 *
	 * @param WP_HTTP_Response $response The answer.
	 * @param WP_REST_Server   $server   WordPress's.
	 * @param WP_REST_Request  $request  The request.
	 * @return WP_HTTP_Response
	 */
	public static function add_headers( $response, $server, $request ) {
		if ( self::is_ours( $request->get_route() ) ) {
			$response->header( 'Cache-Control', self::NO_STORE );
			// WordPress sends its own after ours when a user is logged in; before 6.3 that has no "no-store".
			add_filter( 'nocache_headers', static fn( $headers ) => array( 'Cache-Control' => self::NO_STORE ) + (array) $headers );
			if ( 429 === $response->get_status() ) {
				$response->header( 'Retry-After', (string) ( 60 - time() % 60 ) );
			} elseif ( 503 === $response->get_status() ) {
				$response->header( 'Retry-After', '2' );
			}
		}
		return $response;
	}

	/**
	 * Registers a route.
	 *
	 * @param string   $name     Its name.
	 * @param string   $method   GET or POST.
	 * @param callable $callback What answers.
	 */
	private static function route( string $name, string $method, callable $callback ): void {
		register_rest_route(
			self::SPACE,
			'/' . $name,
			array(
				'methods'             => $method,
				'callback'            => $callback,
				'permission_callback' => array( 'Gatepost_Auth', 'permit' ),
				'show_in_index'       => false,
			)
		);
	}

	/**
	 * The body's JSON object.
	 *
	 * @param WP_REST_Request $request The request.
	 * @throws Gatepost_Refusal When it is none.
	 */
	private static function json( WP_REST_Request $request ): array {
		if ( strlen( (string) $request->get_body() ) > self::LARGEST_BODY ) {
			throw new Gatepost_Refusal( 'gatepost_body_too_large', __( 'The body has more than 8 MiB.', 'gatepost' ), 413 );
		}
		$json = $request->is_json_content_type() ? $request->get_json_params() : null;
		if ( ! is_array( $json ) ) {
			throw new Gatepost_Refusal( 'gatepost_not_json', __( 'The body is not a JSON object with Content-Type: application/json.', 'gatepost' ), 400 );
		}
		return $json;
	}

	/**
	 * What does the items of a request.
	 *
	 * @param WP_REST_Request $request The request.
	 */
	private static function runner( WP_REST_Request $request ): Gatepost_Runner {
		return new Gatepost_Runner( sanitize_text_field( (string) $request->get_header( 'x_request_id' ) ) );
	}

	/**
	 * A refused result as WordPress writes errors, with the result's own fields beside.
	 *
	 * @param array $result The result.
	 */
	private static function refused( array $result ): WP_REST_Response {
		list( $code, $message ) = explode( ': ', $result['error'], 2 );
		$error                  = array(
			'code'    => $code,
			'message' => $message,
			'data'    => array( 'status' => $result['status'] ),
		);
		return new WP_REST_Response( $error + $result, $result['status'] );
	}
}
