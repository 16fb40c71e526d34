@testable import Common

/// A right request of each provider with some changes: if it is still believed, what its signature covers is what it was.
enum ForgeFuzz {
    private static let mostChanges = 8

    static func check(_ input: Bytes) -> String? {
        var input = FuzzInput(input)
        guard !Requests.honest.isEmpty else { return "no vectors" }
        let honest = Requests.honest[input.number(below: Requests.honest.count)]
        var request = honest.request
        for _ in 0..<mostChanges where !input.isEmpty { request = changed(request, &input) }
        let isTaken = (try? honest.verifier.verify(request, now: honest.now, certificates: honest.certificates)) != nil
        return isTaken ? fault(honest, request) : nil
    }

    private static func changed(_ request: SignedRequest, _ input: inout FuzzInput) -> SignedRequest {
        var (url, body, fields) = (request.url, request.body, request.headers.fields)
        switch input.number(below: 6) {
        case 0: change(&body, &input)
        case 1:
            var bytes = Bytes(url.utf8)
            change(&bytes, &input)
            url = String(decoding: bytes, as: UTF8.self)
        case 2 where !fields.isEmpty: change(&fields[input.place(in: fields.count)].value, &input)
        case 3 where !fields.isEmpty: fields.remove(at: input.place(in: fields.count))
        case 4 where !fields.isEmpty: fields.append(fields[input.place(in: fields.count)])
        default: fields.append((input.bytes(until: UInt8(ascii: ":")), input.bytes()))
        }
        var headers = HeaderFields()
        for (name, value) in fields { headers.append(name: name, value: value) }
        return SignedRequest(method: request.method, url: url, headers: headers, body: body)
    }

    private static func change(_ bytes: inout Bytes, _ input: inout FuzzInput) {
        let place = input.place(in: bytes.count + 1)
        switch input.number(below: 3) {
        case 0 where place < bytes.count: bytes[place] ^= UInt8(input.number(below: 256))
        case 1 where place < bytes.count: bytes.remove(at: place)
        default: bytes.insert(UInt8(input.number(below: 256)), at: place)
        }
    }

    /// What every one of the provider's schemes signs as it stands; forms and JSON fields may be written in more than one way.
    private static func fault(_ honest: Requests.Honest, _ request: SignedRequest) -> String? {
        let schemes = honest.provider.schemes
        let name = "\(honest.provider.source)"
        if schemes.allSatisfy({ $0.bindsBody && ($0.signed.contains(.body) || isToken($0)) }), request.body != honest.request.body {
            return "\(name): another body is believed"
        }
        for case .header(let names) in schemes.count == 1 ? schemes[0].signed : []
        where request.header(names) != honest.request.header(names) {
            return "\(name): another \(names[0]) is believed"
        }
        let bindsURL = schemes.allSatisfy { $0.signed.contains(.url) && $0.urlRule == .asCalled }
        return bindsURL && request.url != honest.request.url ? "\(name): another URL is believed" : nil
    }

    private static func isToken(_ scheme: Scheme) -> Bool { if case .jwt = scheme.algorithm { true } else { false } }
}
