/// Where a sealed value stands. It is authenticated with the value: one that is moved to another row, column or tenant opens no more.
struct SealPlace {
    let bytes: Bytes

    static func event(_ sequence: Int64, source: String, tenant: String) -> SealPlace {
        SealPlace("webhook_event", number: sequence, source, tenant)
    }

    static func rejection(_ sequence: Int64) -> SealPlace { SealPlace("rejection", number: sequence) }
    static func mirror(push key: String, tenant: String) -> SealPlace { SealPlace("mirror", key, tenant) }
    static func answer(push key: String, requestID: String) -> SealPlace { SealPlace("attempt", key, requestID) }
    static func learnedSecret(source: String, tenant: String) -> SealPlace { SealPlace("learned_secret", source, tenant) }
    static func original(_ sequence: Int64, tenant: String) -> SealPlace { SealPlace("original", number: sequence, tenant) }
    static let searchKey = SealPlace("search_key")

    /// Each with a zero behind it, which no name holds.
    private init(_ table: StaticString, number: Int64 = 0, _ names: String...) {
        var bytes = Bytes()
        bytes.reserveCapacity(96)
        bytes += UnsafeBufferPointer(start: table.utf8Start, count: table.utf8CodeUnitCount)
        bytes.append(0)
        for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: number >> Int64(shift))) }
        for name in names {
            bytes += name.utf8
            bytes.append(0)
        }
        self.bytes = bytes
    }
}
