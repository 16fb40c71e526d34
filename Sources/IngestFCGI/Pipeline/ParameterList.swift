import Glibc

/// libfcgi's `NAME=value` strings, as they lie in its memory: good until the request ends.
struct ParameterList: Sequence, IteratorProtocol {
    private var next_: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?

    init(_ envp: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) { next_ = envp }

    mutating func next() -> (name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer)? {
        while let here = next_, let text = here.pointee {
            next_ = here + 1
            guard let sign = strchr(text, Int32(UInt8(ascii: "="))) else { continue }
            let name = UnsafeRawBufferPointer(start: text, count: sign - text)
            let value = UnsafeRawBufferPointer(start: sign + 1, count: strlen(sign + 1))
            return (name, value)
        }
        return nil
    }
}
