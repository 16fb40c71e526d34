import Foundation
import GRDB

/// For looking for a person among sealed rows, in SQL.
enum SearchFunction {
    /// `gatepost_body(seq, source, tenant, headers, raw_body)`: the body as it came; NULL where it cannot be opened.
    static func body(_ vault: Vault) -> DatabaseFunction {
        DatabaseFunction("gatepost_body", argumentCount: 5) { values in
            guard let sequence = Int64.fromDatabaseValue(values[0]), let source = String.fromDatabaseValue(values[1]),
                let tenant = String.fromDatabaseValue(values[2]), let headers = String.fromDatabaseValue(values[3]),
                let body = Data.fromDatabaseValue(values[4])
            else { return nil }
            let opened = try? vault.opened(
                headers: Bytes(headers.utf8), body: Bytes(body), sequence: sequence, source: source, tenant: tenant)
            return opened.map { Data($0.body) }
        }
    }

    /// `gatepost_lane(tenant, lane)`: the lane's name in the store.
    static func lane(_ vault: Vault) -> DatabaseFunction {
        DatabaseFunction("gatepost_lane", argumentCount: 2) { values in
            guard let tenant = String.fromDatabaseValue(values[0]), let lane = String.fromDatabaseValue(values[1]) else { return nil }
            return vault.lane(lane, tenant: tenant)
        }
    }
}
