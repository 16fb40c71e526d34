<?php
/**
 * A user's own data.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Creates users and changes name and address, within these bounds: no role that can do harm, nothing of a privileged
 * user, no password, no mail sent.
 *
 * The address changes only where the provider's id found the user and Gatepost created it. A user who was found by
 * address belonged to somebody before: whoever can name that address to a provider could else take the account over by
 * changing it there.
 */
final class Gatepost_User_Profile {

	/**
	 * Creates a user.
	 *
	 * @param string $email Address that nobody has.
	 * @param string $name  Name, or empty.
	 * @throws Gatepost_Refusal When WordPress refuses.
	 */
	public static function create( string $email, string $name ): WP_User {
		$quick = static fn( $options ) => array( 'cost' => 4 ) + (array) $options;
		// The password is 64 random characters that nobody knows: a slow hash (bcrypt since WordPress 6.8) protects nothing.
		add_filter( 'wp_hash_password_options', $quick );
		// WordPress counts its users anew at each one, in one row that every request would wait for: Gatepost_After does it once.
		$counts = remove_action( 'user_register', 'wp_maybe_update_user_counts' );
		$id     = wp_insert_user(
			wp_slash(
				array(
					'user_login'   => self::login( $email ),
					'user_email'   => $email,
					'user_pass'    => wp_generate_password( 64 ),
					'display_name' => self::display_name( $name, $email ),
					'role'         => Gatepost_Role::harmless( Gatepost_Settings::get( 'role' ) ),
				)
			)
		);
		remove_filter( 'wp_hash_password_options', $quick );
		if ( $counts ) {
			add_action( 'user_register', 'wp_maybe_update_user_counts', 10, 0 );
		}
		if ( is_wp_error( $id ) ) {
			throw new Gatepost_Refusal( 'gatepost_user_not_created', wp_strip_all_tags( $id->get_error_message() ), 422 );
		}
		Gatepost_Transaction::touch( $id );
		return get_userdata( $id );
	}

	/**
	 * Changes what differs.
	 *
	 * @param WP_User       $user    The user.
	 * @param Gatepost_Item $item    The item.
	 * @param string        $name    The name when it is new, else empty.
	 * @param string        $email   The address when it is new and the provider's id found the user, else empty.
	 * @param bool          $created Whether Gatepost created the user.
	 * @return string|null A note about what was left alone.
	 * @throws Gatepost_Refusal When the address belongs to another user, or WordPress refuses.
	 */
	public static function update( WP_User $user, Gatepost_Item $item, string $name, string $email, bool $created ): ?string {
		if ( Gatepost_Role::is_privileged( $user ) ) {
			return __( 'A privileged user: only Gatepost\'s own meta was written.', 'gatepost' );
		}
		self::join_site( $user );
		$note    = null;
		$changes = array();
		$name    = self::display_name( $name, '' );
		if ( '' !== $name && $name !== $user->display_name ) {
			$changes['display_name'] = $name;
		}
		if ( '' !== $email && strtolower( $email ) !== strtolower( $user->user_email ) ) {
			if ( self::may_change_email( $user, $item, $created ) ) {
				self::check_email_free( $email, $user );
				$changes['user_email'] = $email;
			} else {
				$note = __( 'The e-mail address was left alone: Gatepost did not create this user, or the settings forbid it.', 'gatepost' );
			}
		}
		self::write( $user, $changes );
		return $note;
	}

	/**
	 * Whether the address may change.
	 *
	 * @param WP_User       $user    The user.
	 * @param Gatepost_Item $item    The item.
	 * @param bool          $created Whether Gatepost created the user.
	 */
	private static function may_change_email( WP_User $user, Gatepost_Item $item, bool $created ): bool {
		/**
		 * Whether an event may change this user's e-mail address.
		 *
		 * @param bool    $may     Whether Gatepost created the user and the settings allow it.
		 * @param WP_User $user    The user.
		 * @param array   $payload The event.
		 */
		return (bool) apply_filters( 'gatepost_may_change_email', $created && Gatepost_Settings::get( 'change_emails' ), $user, $item->payload );
	}

	/**
	 * Makes sure that nobody else has or is getting the address.
	 *
	 * @param string  $email Address.
	 * @param WP_User $user  Who gets it.
	 * @throws Gatepost_Refusal When somebody has.
	 */
	private static function check_email_free( string $email, WP_User $user ): void {
		Gatepost_User_Links::lock_email( $email );
		$owner = email_exists( $email );
		if ( false !== $owner && $owner !== $user->ID ) {
			throw new Gatepost_Refusal( 'gatepost_email_taken', __( 'The new e-mail address belongs to another user.', 'gatepost' ), 422 );
		}
	}

	/**
	 * Writes changes, without WordPress's mails about them.
	 *
	 * @param WP_User $user    The user.
	 * @param array   $changes By field; may be empty.
	 * @throws Gatepost_Refusal When WordPress refuses.
	 */
	private static function write( WP_User $user, array $changes ): void {
		if ( array() === $changes ) {
			return;
		}
		add_filter( 'send_email_change_email', '__return_false', 1000 );
		$id = wp_update_user( wp_slash( array( 'ID' => $user->ID ) + $changes ) );
		remove_filter( 'send_email_change_email', '__return_false', 1000 );
		if ( is_wp_error( $id ) ) {
			throw new Gatepost_Refusal( 'gatepost_user_not_updated', wp_strip_all_tags( $id->get_error_message() ), 422 );
		}
	}

	/**
	 * On a network: a user of another site becomes one of this site.
	 *
	 * @param WP_User $user The user.
	 */
	private static function join_site( WP_User $user ): void {
		if ( is_multisite() && ! is_user_member_of_blog( $user->ID ) ) {
			add_user_to_blog( get_current_blog_id(), $user->ID, Gatepost_Role::harmless( Gatepost_Settings::get( 'role' ) ) );
		}
	}

	/**
	 * A login: the address's first part, and random, because wp_users has no unique key that would stop two requests
	 * that find the same login free.
	 *
	 * @param string $email Address.
	 */
	private static function login( string $email ): string {
		$part = sanitize_user( strstr( $email, '@', true ), true );
		return substr( '' === $part ? 'user' : $part, 0, 40 ) . '-' . bin2hex( random_bytes( 5 ) );
	}

	/**
	 * A name fit to show.
	 *
	 * @param string $name  As sent, or empty.
	 * @param string $email Address whose first part serves when there is no name; may be empty.
	 */
	private static function display_name( string $name, string $email ): string {
		$name = sanitize_text_field( $name );
		return mb_substr( '' === $name ? (string) strstr( $email, '@', true ) : $name, 0, 250 );
	}
}
