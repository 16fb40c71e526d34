import Testing

@testable import Common

@Suite struct MultipartTests {
    private static func part(_ name: String, _ value: String, more: String = "") -> String {
        "--xx\r\nContent-Disposition: form-data; name=\"\(name)\"\(more)\r\n\r\n\(value)\r\n"
    }

    @Test(arguments: [
        (part("a", "1") + "--xx--\r\n", "a", "1"),
        (part("a", "1") + part("a", "2") + "--xx--", "a", "2"),
        (part("a", "") + "--xx--", "a", ""),
        (part("a", "line\r\n--x\r\n\r\nline") + "--xx--", "a", "line\r\n--x\r\n\r\nline"),
        (part("f", "{}", more: "; filename=\"name=x\"\r\nContent-Type: application/json") + "--xx--", "f", "{}"),
        (part("a", "1") + "--xx--", "b", nil),
    ])
    func reads(body: String, name: String, value: String?) throws {
        let form = try #require(FormFields(Bytes(body.utf8), mediaType: "multipart/form-data"))
        #expect(form.value(name) == value.map { Bytes($0.utf8) })
    }

    @Test(arguments: [
        "", "a=1", "--xx", "--xx\r\n", "--xx\r\n\r\n1\r\n--xx--", part("a", "1"), "--\r\n" + part("a", "1") + "----",
        "--" + String(repeating: "x", count: 71) + "\r\n",
    ])
    func refuses(body: String) { #expect(FormFields(Bytes(body.utf8), mediaType: "multipart/form-data") == nil) }
}
