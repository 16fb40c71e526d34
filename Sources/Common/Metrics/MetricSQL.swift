enum MetricSQL {
    /// ?1 name, ?2 label1, ?3 label2, ?4 label3, ?5 how many more.
    static let add = """
        INSERT INTO metric (name, label1, label2, label3, value) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (name, label1, label2, label3) DO UPDATE SET value = value + excluded.value
        """

    /// ?1 name, ?2 value. Of one without labels.
    static let set = """
        INSERT INTO metric (name, label1, label2, label3, value) VALUES (?1, '', '', '', ?2)
        ON CONFLICT (name, label1, label2, label3) DO UPDATE SET value = excluded.value
        """

    /// Summed up: an ingest of the version before, which goes on until it is restarted, has no other place for what it stores than `metric`.
    static let list = """
        SELECT name, label1, label2, label3, sum(value) FROM (
            SELECT name, label1, label2, label3, value FROM metric
            UNION ALL
            SELECT '\(Metric.ingestCount.rawValue)', source, tenant, iif(status = 'received', 'kept', status), arrived
            FROM event_count WHERE arrived > 0)
        GROUP BY name, label1, label2, label3
        """

    static let pauses = "SELECT tenant, source, route FROM pause ORDER BY tenant, source, route"

    /// As many rows as there are kinds of alerts and their subjects.
    static let alerts = "SELECT kind, count(*) AS alerts FROM alert WHERE state = 'open' GROUP BY kind"

    static let all = [add, set, list, pauses, alerts]
}
