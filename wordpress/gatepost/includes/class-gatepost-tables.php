<?php
/**
 * The tables.
 *
 * @package Gatepost
 */

defined( 'ABSPATH' ) || exit;

/**
 * Table names and their making, for each site of a network on its own.
 *
 * Keys are varbinary: compared byte by byte, whatever the site's collation. And wpdb strips what is not ASCII from
 * queries on a table that mixes the ascii and utf8mb4 character sets, but leaves those on a binary one alone.
 */
final class Gatepost_Tables {

	/**
	 * Grows by one with every change below.
	 */
	public const VERSION = 2;

	/**
	 * The option that says which version a site's tables have.
	 */
	private const OPTION = 'gatepost_schema_version';

	/**
	 * Every table, without prefix.
	 */
	public const ALL = array( 'keys', 'users', 'orders', 'arrivals', 'rate' );

	/**
	 * Columns that came with this version, by table.
	 */
	private const NEWEST_COLUMNS = array(
		'users'  => 'field_times',
		'orders' => 'order_key',
	);

	/**
	 * A table's name on this site.
	 *
	 * @param string $table One of ALL.
	 */
	public static function name( string $table ): string {
		global $wpdb;
		return $wpdb->prefix . 'gatepost_' . $table;
	}

	/**
	 * Whether this site's tables are of this version.
	 */
	public static function is_current(): bool {
		return self::VERSION === (int) get_option( self::OPTION );
	}

	/**
	 * The version that is installed, 0 when none is.
	 */
	public static function installed_version(): int {
		return (int) get_option( self::OPTION );
	}

	/**
	 * Tables that are missing.
	 *
	 * @return string[] Their names with prefix.
	 */
	public static function missing(): array {
		global $wpdb;
		$missing = array();
		foreach ( self::ALL as $table ) {
			$name = self::name( $table );
			// phpcs:ignore WordPress.DB.DirectDatabaseQuery
			if ( $name !== $wpdb->get_var( $wpdb->prepare( 'SHOW TABLES LIKE %s', $wpdb->esc_like( $name ) ) ) ) {
				$missing[] = $name;
			}
		}
		return $missing;
	}

	/**
	 * Whether the tables have the columns of this version: a database user may be allowed to make tables and not to change them.
	 */
	private static function have_newest_columns(): bool {
		global $wpdb;
		foreach ( self::NEWEST_COLUMNS as $table => $column ) {
			$name = self::name( $table );
			// phpcs:ignore WordPress.DB -- a name of ours; identifiers cannot be prepared before WordPress 6.2.
			if ( null === $wpdb->get_var( $wpdb->prepare( "SHOW COLUMNS FROM `$name` LIKE %s", $column ) ) ) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Tables that must be InnoDB and are not: ours but for the counters, and those that events change.
	 *
	 * Without transactions a key and its effect are not one.
	 *
	 * @return array<string,string> Engines by table name.
	 */
	public static function not_transactional(): array {
		global $wpdb;
		$names = array_merge( array_map( array( self::class, 'name' ), array_diff( self::ALL, array( 'rate' ) ) ), array( $wpdb->users, $wpdb->usermeta ) );
		$wrong = array();
		foreach ( $names as $name ) {
			// phpcs:ignore WordPress.DB.DirectDatabaseQuery
			$row    = $wpdb->get_row( $wpdb->prepare( 'SHOW TABLE STATUS LIKE %s', $wpdb->esc_like( $name ) ) );
			$engine = (string) ( $row->Engine ?? '' ); // phpcs:ignore WordPress.NamingConventions.ValidVariableName
			if ( '' !== $engine && 'innodb' !== strtolower( $engine ) ) {
				$wrong[ $name ] = $engine;
			}
		}
		return $wrong;
	}

	/**
	 * Makes or changes the tables.
	 */
	public static function install(): void {
		global $wpdb;
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		$definitions = self::definitions( $wpdb->get_charset_collate() );
		foreach ( $definitions as $definition ) {
			dbDelta( $definition );
		}
		if ( array( self::name( 'rate' ) ) === self::missing() ) {
			// Some servers take InnoDB alone, clusters most of all. Counters that need an fsync are better than none.
			dbDelta( str_replace( 'ENGINE=MEMORY', 'ENGINE=InnoDB', end( $definitions ) ) );
		}
		if ( array() === self::missing() && self::have_newest_columns() ) {
			update_option( self::OPTION, self::VERSION );
		}
	}

	/**
	 * Removes the tables of this site.
	 */
	public static function drop(): void {
		global $wpdb;
		foreach ( self::ALL as $table ) {
			$name = self::name( $table );
			// phpcs:ignore WordPress.DB -- a name of ours; identifiers cannot be prepared before WordPress 6.2.
			$wpdb->query( "DROP TABLE IF EXISTS `$name`" );
		}
		delete_option( self::OPTION );
	}

	/**
	 * The definitions, as dbDelta wants them: one column a line, two spaces after PRIMARY KEY.
	 *
	 * Times are milliseconds since 1970, UTC.
	 *
	 * @param string $collate The site's character set and collation.
	 * @return string[] CREATE TABLE statements.
	 */
	private static function definitions( string $collate ): array {
		$keys   = self::name( 'keys' );
		$users  = self::name( 'users' );
		$orders = self::name( 'orders' );
		$list   = self::name( 'arrivals' );
		$rate   = self::name( 'rate' );
		return array(
			// What has been done, written in the transaction that did it.
			"CREATE TABLE $keys (
				idempotency_key varbinary(191) NOT NULL,
				route varchar(20) NOT NULL,
				outcome varchar(20) NOT NULL,
				status smallint unsigned NOT NULL,
				request_id varchar(64) NOT NULL DEFAULT '',
				event_count int unsigned NOT NULL DEFAULT 1,
				created_at bigint unsigned NOT NULL,
				PRIMARY KEY  (idempotency_key),
				KEY created_at (created_at)
			) ENGINE=InnoDB $collate;",
			// Who is who at which source, the newest event that has been applied, and by field what is known (JSON, null in
			// rows from before there was any). Its rows are also the locks.
			"CREATE TABLE $users (
				source varbinary(40) NOT NULL,
				tenant varbinary(64) NOT NULL,
				subject varbinary(191) NOT NULL,
				user_id bigint unsigned NOT NULL DEFAULT 0,
				created_user tinyint unsigned NOT NULL DEFAULT 0,
				occurred_at bigint NOT NULL DEFAULT 0,
				field_times text DEFAULT NULL,
				PRIMARY KEY  (source,tenant,subject),
				KEY user_id (user_id)
			) ENGINE=InnoDB $collate;",
			"CREATE TABLE $orders (
				id bigint unsigned NOT NULL AUTO_INCREMENT,
				idempotency_key varbinary(191) NOT NULL,
				user_key varbinary(64) NOT NULL,
				order_key varbinary(64) NOT NULL DEFAULT '',
				event_id varchar(191) NOT NULL,
				tenant varchar(64) NOT NULL,
				source varchar(40) NOT NULL,
				event_type varchar(191) NOT NULL,
				actor_id varchar(191) NOT NULL DEFAULT '',
				actor_email varchar(191) NOT NULL DEFAULT '',
				occurred_at bigint NOT NULL,
				received_at bigint unsigned NOT NULL,
				payload longtext NOT NULL,
				status varchar(10) NOT NULL DEFAULT 'pending',
				attempts tinyint unsigned NOT NULL DEFAULT 0,
				due_at bigint unsigned NOT NULL DEFAULT 0,
				claimed_until bigint unsigned NOT NULL DEFAULT 0,
				last_error varchar(500) NOT NULL DEFAULT '',
				worked_at bigint unsigned DEFAULT NULL,
				PRIMARY KEY  (id),
				UNIQUE KEY idempotency_key (idempotency_key),
				KEY status_due (status,due_at,id),
				KEY user_order (user_key,status,id),
				KEY order_order (order_key,status,id),
				KEY received_at (received_at)
			) ENGINE=InnoDB $collate;",
			// What came of each item: for people.
			"CREATE TABLE $list (
				id bigint unsigned NOT NULL AUTO_INCREMENT,
				arrived_at bigint unsigned NOT NULL,
				route varchar(20) NOT NULL,
				idempotency_key varbinary(191) NOT NULL,
				status smallint unsigned NOT NULL,
				outcome varchar(20) NOT NULL,
				error varchar(500) NOT NULL DEFAULT '',
				source varchar(40) NOT NULL DEFAULT '',
				tenant varchar(64) NOT NULL DEFAULT '',
				event_type varchar(191) NOT NULL DEFAULT '',
				event_ids varchar(1000) NOT NULL DEFAULT '',
				event_count int unsigned NOT NULL DEFAULT 0,
				user_id bigint unsigned NOT NULL DEFAULT 0,
				order_id bigint unsigned NOT NULL DEFAULT 0,
				request_id varchar(64) NOT NULL DEFAULT '',
				PRIMARY KEY  (id),
				KEY idempotency_key (idempotency_key),
				KEY outcome (outcome,id),
				KEY user_id (user_id)
			) ENGINE=InnoDB $collate;",
			// Counters of the running minute. In memory: they need no fsync, and a restart may forget them.
			"CREATE TABLE $rate (
				address varbinary(16) NOT NULL,
				kind varchar(10) NOT NULL,
				minute int unsigned NOT NULL,
				hits int unsigned NOT NULL,
				PRIMARY KEY  (address,kind,minute)
			) ENGINE=MEMORY $collate;",
		);
	}
}
