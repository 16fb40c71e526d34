<?php
/**
 * Who is who.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * The table that links a source's actor to a WordPress user and remembers the newest event applied.
 *
 * lock() holds the row until the transaction ends: two requests for one actor, or for one address, go one after the other.
 */
final class Gatepost_User_Links {

	/**
	 * Holds an actor's row, which is made when there is none.
	 *
	 * @param string $source  Source.
	 * @param string $tenant  Tenant.
	 * @param string $subject What subject() gave.
	 * @return array{user_id:int,created_user:bool,occurred_at:int,field_times:string|null}
	 */
	public static function lock( string $source, string $tenant, string $subject ): array {
		global $wpdb;
		$table = Gatepost_Tables::name( 'users' );
		// Not INSERT IGNORE: on a row that is there it takes a shared lock, and two of these deadlock when they write.
		Gatepost_Db::run(
			$wpdb->prepare( "INSERT INTO $table (source, tenant, subject) VALUES (%s, %s, %s) ON DUPLICATE KEY UPDATE source = source", $source, $tenant, $subject ) // phpcs:ignore WordPress.DB.PreparedSQL
		);
		$row = Gatepost_Db::row(
			$wpdb->prepare( "SELECT user_id, created_user, occurred_at, field_times FROM $table WHERE source = %s AND tenant = %s AND subject = %s FOR UPDATE", $source, $tenant, $subject ) // phpcs:ignore WordPress.DB.PreparedSQL
		);
		return array(
			'user_id'      => (int) $row['user_id'],
			'created_user' => (bool) $row['created_user'],
			'occurred_at'  => (int) $row['occurred_at'],
			// A row just made knows nothing; one that has been applied to and has no times is from before there were any.
			'field_times'  => $row['field_times'] ?? ( 0 === (int) $row['occurred_at'] ? '{}' : null ),
		);
	}

	/**
	 * Holds an address, whichever source and tenant speaks of it, and forgets whose a cache says that it is: a request that was killed
	 * may have told it so.
	 *
	 * @param string $email Address.
	 */
	public static function lock_email( string $email ): void {
		self::lock( '', '', self::subject( '', $email ) );
		wp_cache_delete( $email, 'useremail' );
	}

	/**
	 * Remembers what an actor is linked to and how new that is.
	 *
	 * @param string $source  Source.
	 * @param string $tenant  Tenant.
	 * @param string $subject What subject() gave.
	 * @param array  $link    As lock() gives it.
	 */
	public static function save( string $source, string $tenant, string $subject, array $link ): void {
		global $wpdb;
		$table = Gatepost_Tables::name( 'users' );
		Gatepost_Db::run(
			$wpdb->prepare(
				"UPDATE $table SET user_id = %d, created_user = %d, occurred_at = %d, field_times = %s WHERE source = %s AND tenant = %s AND subject = %s", // phpcs:ignore WordPress.DB.PreparedSQL
				$link['user_id'],
				(int) $link['created_user'],
				$link['occurred_at'],
				$link['field_times'],
				$source,
				$tenant,
				$subject
			)
		);
	}

	/**
	 * An actor's name in the table: the provider's id where there is one, else the address.
	 *
	 * @param string $provider_id The provider's id, or empty.
	 * @param string $email       The address.
	 */
	public static function subject( string $provider_id, string $email ): string {
		$subject = '' !== $provider_id ? 'id:' . $provider_id : 'email:' . strtolower( $email );
		return strlen( $subject ) <= 191 ? $subject : 'sha256:' . hash( 'sha256', $subject );
	}

	/**
	 * Forgets a user who was deleted.
	 *
	 * @param int $user_id The user.
	 */
	public static function forget_user( int $user_id ): void {
		global $wpdb;
		if ( 0 !== Gatepost_Tables::installed_version() ) {
			$wpdb->delete( Gatepost_Tables::name( 'users' ), array( 'user_id' => $user_id ), array( '%d' ) ); // phpcs:ignore WordPress.DB.DirectDatabaseQuery
		}
	}
}
