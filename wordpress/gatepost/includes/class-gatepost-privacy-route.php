<?php
/**
 * Privacy by the gateway's request.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * POST /privacy: exports or erases what is kept of one person, as WordPress's own tools do, page by page.
 */
final class Gatepost_Privacy_Route {

	/**
	 * Answers.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return WP_REST_Response|WP_Error
	 */
	public static function answer( WP_REST_Request $request ) {
		try {
			// A password alone may push, and is not enough to read or erase.
			if ( ! Gatepost_Auth::is_signed( $request ) ) {
				throw new Gatepost_Refusal( 'gatepost_auth_insufficient', __( 'Personal data is given out and erased by a signed request alone: the gateway needs the shared secret.', 'gatepost' ), 401 );
			}
			$body  = $request->is_json_content_type() ? $request->get_json_params() : null;
			$email = is_array( $body ) && is_string( $body['email'] ?? null ) ? $body['email'] : '';
			$page  = is_array( $body ) && is_int( $body['page'] ?? null ) ? $body['page'] : 1;
			if ( ! is_email( $email ) || $page < 1 || $page > 100000 ) {
				throw new Gatepost_Refusal( 'gatepost_invalid', __( 'Expected action, email and page.', 'gatepost' ), 400 );
			}
			switch ( $body['action'] ?? null ) {
				case 'export':
					return new WP_REST_Response( Gatepost_Privacy::export( $email, $page ), 200 );
				case 'erase':
					return new WP_REST_Response( Gatepost_Privacy::erase( $email, $page ), 200 );
				default:
					throw new Gatepost_Refusal( 'gatepost_invalid', __( 'Expected action, email and page.', 'gatepost' ), 400 );
			}
		} catch ( Gatepost_Refusal $refusal ) {
			return $refusal->to_wp_error();
		} catch ( Gatepost_Db_Error $error ) {
			$result = Gatepost_Result::database_error( $error );
			return new WP_Error( explode( ':', $result['error'] )[0], explode( ': ', $result['error'], 2 )[1], array( 'status' => $result['status'] ) );
		}
	}
}
