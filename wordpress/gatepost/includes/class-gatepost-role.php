<?php
/**
 * Who may push.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * The capability to push events, the role that has it alone, and which roles and users are off limits.
 */
final class Gatepost_Role {

	public const CAPABILITY = 'gatepost_push';
	public const ROLE       = 'gatepost';

	/**
	 * A user or role that has one of these is never created, renamed or given another address by an event.
	 */
	private const PRIVILEGED = array(
		'manage_options',
		'manage_network',
		'edit_users',
		'create_users',
		'promote_users',
		'delete_users',
		'list_users',
		'edit_others_posts',
		'edit_others_pages',
		'publish_posts',
		'unfiltered_html',
		'unfiltered_upload',
		'upload_files',
		'edit_files',
		'edit_plugins',
		'edit_themes',
		'edit_theme_options',
		'activate_plugins',
		'install_plugins',
		'install_themes',
		'switch_themes',
		'update_core',
		'import',
		'export',
		'moderate_comments',
		'manage_categories',
		'manage_woocommerce',
		self::CAPABILITY,
	);

	/**
	 * Adds role and capability.
	 */
	public static function install(): void {
		add_role( self::ROLE, __( 'Gatepost gateway', 'gatepost' ), array( 'read' => true, self::CAPABILITY => true ) );
		$administrators = get_role( 'administrator' );
		if ( null !== $administrators ) {
			$administrators->add_cap( self::CAPABILITY );
		}
	}

	/**
	 * Takes both away again.
	 */
	public static function remove(): void {
		remove_role( self::ROLE );
		foreach ( wp_roles()->role_objects as $role ) {
			$role->remove_cap( self::CAPABILITY );
		}
	}

	/**
	 * Whether the current user may push events.
	 */
	public static function may_push(): bool {
		return current_user_can( self::CAPABILITY ) || current_user_can( 'manage_options' );
	}

	/**
	 * Whether an event must leave this user's own data alone.
	 *
	 * @param WP_User $user The user.
	 */
	public static function is_privileged( WP_User $user ): bool {
		if ( is_multisite() && is_super_admin( $user->ID ) ) {
			return true;
		}
		foreach ( self::PRIVILEGED as $capability ) {
			// Not has_cap(): a filter of another plugin may take a capability away for this request only.
			if ( ! empty( $user->allcaps[ $capability ] ) ) {
				return true;
			}
		}
		return false;
	}

	/**
	 * The role for users that events create: the wanted one when it exists and is harmless, else subscriber.
	 *
	 * @param string $wanted A role's name.
	 */
	public static function harmless( string $wanted ): string {
		$role = get_role( $wanted );
		if ( null === $role || array() !== array_intersect( self::PRIVILEGED, array_keys( array_filter( $role->capabilities ) ) ) ) {
			return 'subscriber';
		}
		return $wanted;
	}
}
