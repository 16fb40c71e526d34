<?php
/**
 * A person's rows.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Finds and removes what the tables hold of one person.
 */
final class Gatepost_Personal_Data {

	/**
	 * The beginning of every user meta of ours.
	 */
	public const META = 'gatepost_';

	/**
	 * Order events that name an address, with their payload.
	 *
	 * @param string $email  Address.
	 * @param int    $limit  Most rows.
	 * @param int    $offset How many are left out.
	 * @return array[]
	 */
	public static function orders( string $email, int $limit, int $offset ): array {
		global $wpdb;
		$table = Gatepost_Tables::name( 'orders' );
		return Gatepost_Db::rows(
			$wpdb->prepare( "SELECT id, source, event_type, event_id, actor_id, actor_email, status, payload FROM $table WHERE actor_email = %s ORDER BY id LIMIT %d OFFSET %d", $email, $limit, $offset ) // phpcs:ignore WordPress.DB.PreparedSQL
		);
	}

	/**
	 * Whether order events that name an address still wait.
	 *
	 * @param string $email Address.
	 */
	public static function has_pending( string $email ): bool {
		global $wpdb;
		$table = Gatepost_Tables::name( 'orders' );
		return null !== Gatepost_Db::row( $wpdb->prepare( "SELECT 1 FROM $table WHERE actor_email = %s AND status = 'pending' LIMIT 1", $email ) ); // phpcs:ignore WordPress.DB.PreparedSQL
	}

	/**
	 * Removes order events that name an address and do not wait.
	 *
	 * @param string $email Address.
	 * @param int    $limit Most rows.
	 * @return int How many.
	 */
	public static function remove_orders( string $email, int $limit ): int {
		global $wpdb;
		$table = Gatepost_Tables::name( 'orders' );
		return Gatepost_Db::run( $wpdb->prepare( "DELETE FROM $table WHERE actor_email = %s AND status <> 'pending' LIMIT %d", $email, $limit ) ); // phpcs:ignore WordPress.DB.PreparedSQL
	}

	/**
	 * What a user is linked to.
	 *
	 * @param int $user_id The user.
	 * @return array[]
	 */
	public static function links( int $user_id ): array {
		global $wpdb;
		$table = Gatepost_Tables::name( 'users' );
		return Gatepost_Db::rows( $wpdb->prepare( "SELECT source, tenant, subject, occurred_at FROM $table WHERE user_id = %d LIMIT 1000", $user_id ) ); // phpcs:ignore WordPress.DB.PreparedSQL
	}

	/**
	 * A user's meta of ours.
	 *
	 * @param int $user_id The user.
	 * @return array<string,string> By name.
	 */
	public static function meta( int $user_id ): array {
		$ours = array_filter( get_user_meta( $user_id ), static fn( $name ) => 0 === strpos( (string) $name, self::META ), ARRAY_FILTER_USE_KEY );
		return array_map( static fn( $values ) => (string) $values[0], $ours );
	}

	/**
	 * Removes links, meta and the user's number in the list of arrivals.
	 *
	 * @param string $email   Address.
	 * @param int    $user_id The user, or 0.
	 * @return int How many rows.
	 */
	public static function forget( string $email, int $user_id ): int {
		global $wpdb;
		$users   = Gatepost_Tables::name( 'users' );
		$removed = Gatepost_Db::run( $wpdb->prepare( "DELETE FROM $users WHERE subject = %s", Gatepost_User_Links::subject( '', $email ) ) ); // phpcs:ignore WordPress.DB.PreparedSQL
		if ( 0 === $user_id ) {
			return $removed;
		}
		$removed += Gatepost_Db::run( $wpdb->prepare( "DELETE FROM $users WHERE user_id = %d", $user_id ) ); // phpcs:ignore WordPress.DB.PreparedSQL
		$list     = Gatepost_Tables::name( 'arrivals' );
		$removed += Gatepost_Db::run( $wpdb->prepare( "UPDATE $list SET user_id = 0 WHERE user_id = %d", $user_id ) ); // phpcs:ignore WordPress.DB.PreparedSQL
		foreach ( array_keys( self::meta( $user_id ) ) as $name ) {
			$removed += (int) delete_user_meta( $user_id, $name );
		}
		return $removed;
	}
}
