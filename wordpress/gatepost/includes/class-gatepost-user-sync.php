<?php
/**
 * Brings a user into step with an event.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * The effect of user-sync: finds or creates the user, and writes what is newer. Runs inside the transaction.
 */
final class Gatepost_User_Sync {

	/**
	 * Applies an item.
	 *
	 * @param Gatepost_Item $item Checked.
	 * @return array A result.
	 * @throws Gatepost_Refusal When it cannot be applied.
	 */
	public static function apply( Gatepost_Item $item ): array {
		$provider_id = $item->actor( 'id' );
		$email       = self::email( $item );
		if ( '' === $provider_id && '' === $email ) {
			throw new Gatepost_Refusal( 'gatepost_actor_missing', __( 'The actor has neither an id nor a valid e-mail address.', 'gatepost' ), 422 );
		}
		$source  = (string) $item->payload['source'];
		$tenant  = (string) $item->payload['tenant_id'];
		$subject = Gatepost_User_Links::subject( $provider_id, $email );
		$link    = Gatepost_User_Links::lock( $source, $tenant, $subject );
		$fresh   = new Gatepost_Freshness( $item, self::fields( $item, $email ), self::is_deletion( $item ), $link['occurred_at'], $link['field_times'] );
		if ( $fresh->is_stale() ) {
			return Gatepost_Result::stale( array( 'user_id' => $link['user_id'] ) );
		}
		list( $user, $by_id, $created ) = self::find_or_create( $item, $link, $email );

		if ( null === $user && ! self::is_deletion( $item ) ) {
			// No time is noted: an older event that brings the address must not be stale.
			return Gatepost_Result::applied(
				array(
					'user_id' => 0,
					'created' => false,
					'note'    => __( 'No user of this site, and no address to make one of.', 'gatepost' ),
				)
			);
		}
		$link['created_user'] = $created || ( $by_id && $link['created_user'] );
		$link['occurred_at']  = $fresh->newest();
		$link['field_times']  = $fresh->stored( self::known_fields() );
		$link['user_id']      = null === $user ? 0 : $user->ID;
		$note                 = __( 'There is no such user, and a deletion makes none.', 'gatepost' );
		if ( null !== $user ) {
			Gatepost_Transaction::touch( $user->ID );
			$name = $fresh->has( 'actor.name' ) ? $item->actor( 'name' ) : '';
			$note = $created ? null : Gatepost_User_Profile::update( $user, $item, $name, $by_id && $fresh->has( 'actor.email' ) ? $email : '', $link['created_user'] );
			self::write_meta( $user->ID, $item, $fresh, $source );
		}
		Gatepost_User_Links::save( $source, $tenant, $subject, $link );
		return Gatepost_Result::applied(
			array(
				'user_id' => $link['user_id'],
				'created' => $created,
				'note'    => $note,
			)
		);
	}

	/**
	 * The user, whether the link named it, and whether it is new. Null when there is none and the event is not one to make any.
	 *
	 * @param Gatepost_Item $item  The item.
	 * @param array         $link  The actor's row.
	 * @param string        $email The address, or empty.
	 * @return array{0:WP_User|null,1:bool,2:bool}
	 * @throws Gatepost_Refusal When there is none, and none may be made.
	 */
	private static function find_or_create( Gatepost_Item $item, array $link, string $email ): array {
		$user = 0 === $link['user_id'] ? false : self::as_stored( $link['user_id'] );
		if ( false !== $user ) {
			return array( $user, '' !== $item->actor( 'id' ), false );
		}
		if ( '' !== $email ) {
			// Two sources may speak of one new address at the same moment, and wp_users has no unique key on it.
			Gatepost_User_Links::lock_email( $email );
			$user = get_user_by( 'email', $email );
		}
		/**
		 * Finds a user whom neither link nor address names, such as by a customer id that a shop plugin has stored.
		 *
		 * @param WP_User|false $user    The user found by address.
		 * @param array         $payload The event.
		 */
		$user = apply_filters( 'gatepost_find_user', $user, $item->payload );
		$user = $user instanceof WP_User ? self::as_stored( $user->ID ) : false;
		if ( false !== $user ) {
			return array( $user, false, false );
		}
		// Somebody whom this site does not know (a CRM's contact) is met when an event brings the address.
		if ( '' === $item->actor( 'email' ) || self::is_deletion( $item ) ) {
			return array( null, false, false );
		}
		if ( '' === $email || ! Gatepost_Settings::get( 'create_users' ) ) {
			throw new Gatepost_Refusal( 'gatepost_user_unknown', __( 'No user matches, and none may be created: the settings forbid it or the event has no valid e-mail address.', 'gatepost' ), 422 );
		}
		return array( Gatepost_User_Profile::create( $email, $item->actor( 'name' ) ), false, true );
	}

	/**
	 * A user as the database has it. A cache that outlives the request may hold what somebody else has read before our lock, or what a
	 * request that was killed had written and never committed.
	 *
	 * @param int $user_id The user.
	 * @return WP_User|false
	 */
	private static function as_stored( int $user_id ) {
		if ( wp_using_ext_object_cache() ) {
			Gatepost_Transaction::forget( $user_id );
		}
		return get_userdata( $user_id );
	}

	/**
	 * Whether the person is gone at the provider. The WordPress user stays: it may own posts and orders.
	 *
	 * @param Gatepost_Item $item The item.
	 */
	private static function is_deletion( Gatepost_Item $item ): bool {
		return 'deleted' === ( $item->payload['action']['type'] ?? null );
	}

	/**
	 * Writes what other plugins read.
	 *
	 * @param int                $user_id The user.
	 * @param Gatepost_Item      $item    The item.
	 * @param Gatepost_Freshness $fresh   What of it is new.
	 * @param string             $source  Source.
	 */
	private static function write_meta( int $user_id, Gatepost_Item $item, Gatepost_Freshness $fresh, string $source ): void {
		$values = array();
		if ( $fresh->is_newest() ) {
			$values['gatepost_last_event_type'] = sanitize_text_field( $item->payload['event_type'] );
		}
		if ( '' !== $item->actor( 'id' ) ) {
			$values[ 'gatepost_id_' . $source ] = sanitize_text_field( $item->actor( 'id' ) );
		}
		$data = (array) ( $item->payload['data'] ?? array() );
		foreach ( Gatepost_Settings::get( 'meta_fields' ) as $field ) {
			if ( $fresh->has( 'data.' . $field ) ) {
				$value                         = is_bool( $data[ $field ] ) ? (string) (int) $data[ $field ] : (string) $data[ $field ];
				$values[ 'gatepost_' . $field ] = mb_substr( sanitize_text_field( $value ), 0, 1000 );
			}
		}
		foreach ( $values as $name => $value ) {
			// The same value again would be read from the cache and not written.
			update_user_meta( $user_id, $name, wp_slash( $value ) );
		}
	}

	/**
	 * The fields that an item brings and that have times of their own.
	 *
	 * @param Gatepost_Item $item  The item.
	 * @param string        $email The address, or empty.
	 * @return string[]
	 */
	private static function fields( Gatepost_Item $item, string $email ): array {
		$fields = '' === $item->actor( 'name' ) ? array() : array( 'actor.name' );
		if ( '' !== $email && '' !== $item->actor( 'id' ) ) {
			$fields[] = 'actor.email';
		}
		foreach ( Gatepost_Settings::get( 'meta_fields' ) as $name ) {
			if ( is_scalar( $item->payload['data'][ $name ] ?? null ) ) {
				$fields[] = 'data.' . $name;
			}
		}
		return $fields;
	}

	/**
	 * Every field that may have a time of its own.
	 *
	 * @return string[]
	 */
	private static function known_fields(): array {
		return array_merge( array( 'actor.name', 'actor.email' ), array_map( static fn( $name ) => 'data.' . $name, Gatepost_Settings::get( 'meta_fields' ) ) );
	}

	/**
	 * The actor's address, empty when there is none or it is not valid.
	 *
	 * @param Gatepost_Item $item The item.
	 */
	private static function email( Gatepost_Item $item ): string {
		$email = $item->actor( 'email' );
		return strlen( $email ) <= 100 && is_email( $email ) ? $email : '';
	}
}
