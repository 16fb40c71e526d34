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
	 * A person's order events, with their payload.
	 *
	 * @param string $whose  What whose() gave.
	 * @param int    $limit  Most rows.
	 * @param int    $offset How many are left out.
	 * @return array[]
	 */
	public static function orders( string $whose, int $limit, int $offset ): array {
		global $wpdb;
		$table = Gatepost_Tables::name( 'orders' );
		$pages = $wpdb->prepare( 'LIMIT %d OFFSET %d', $limit, $offset );
		return Gatepost_Db::rows( "SELECT id, source, event_type, event_id, actor_id, actor_email, status, payload FROM $table WHERE $whose ORDER BY id $pages" );
	}

	/**
	 * Whether order events of a person still wait.
	 *
	 * @param string $whose What whose() gave.
	 */
	public static function has_pending( string $whose ): bool {
		$table = Gatepost_Tables::name( 'orders' );
		return null !== Gatepost_Db::row( "SELECT 1 FROM $table WHERE $whose AND status = 'pending' LIMIT 1" );
	}

	/**
	 * Removes a person's order events that do not wait.
	 *
	 * @param string $whose What whose() gave.
	 * @param int    $limit Most rows.
	 * @return int How many.
	 */
	public static function remove_orders( string $whose, int $limit ): int {
		global $wpdb;
		$table = Gatepost_Tables::name( 'orders' );
		return Gatepost_Db::run( "DELETE FROM $table WHERE $whose AND status <> 'pending' " . $wpdb->prepare( 'LIMIT %d', $limit ) );
	}

	/**
	 * The condition for a person's order events: they name the address, or an id by which a provider knows the user.
	 *
	 * @param string $email   Address.
	 * @param int    $user_id The user, or 0.
	 * @return string Prepared.
	 */
	public static function whose( string $email, int $user_id ): string {
		global $wpdb;
		$lanes = array();
		foreach ( 0 === $user_id ? array() : self::links( $user_id ) as $link ) {
			if ( 0 === strpos( $link['subject'], 'id:' ) ) {
				$lanes[] = $wpdb->prepare( '%s', Gatepost_Orders::lane( $link['source'], $link['tenant'], substr( $link['subject'], 3 ) ) );
			}
		}
		$by_id = array() === $lanes ? '' : ' OR user_key IN ( ' . implode( ', ', $lanes ) . ' )';
		return '( ' . $wpdb->prepare( 'actor_email = %s', $email ) . $by_id . ' )';
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
