extension Provider {
    /// The body as JSON, by the media type that it came with.
    /// - Parameter mediaType: one of `contentTypes`' keys; anything else is read as JSON.
    public func document(of body: Bytes, mediaType: String) throws(JSONError) -> JSONDocument {
        let payload = contentTypes[mediaType] ?? .json
        guard payload != .json else { return try JSONDocument(body) }
        guard let form = FormFields(body, mediaType: mediaType) else { throw JSONError(fault: .tooDeep, offset: 0) }
        switch payload {
        case .json, .form: return try JSONDocument(form.json)
        case .formFieldOrForm(let name): return try JSONDocument(form.value(name) ?? form.json)
        case .formField(let name):
            guard let text = form.value(name) else { throw JSONError(fault: .empty, offset: 0) }
            return try JSONDocument(text)
        case .base64XML(let field):
            guard let text = form.value(field) else { throw JSONError(fault: .empty, offset: 0) }
            guard let xml = Base64.decode(text.filter { !(0x09...0x20).contains($0) }), let json = XMLText.json(of: xml) else {
                throw JSONError(fault: .unexpected, offset: 0)
            }
            return try JSONDocument(json)
        }
    }

    /// An event as it was stored: of a post with several its own JSON, else the body as it came.
    public func stored(_ rawBody: Bytes, headers: HeaderFields) throws(JSONError) -> JSONValue {
        guard events == nil else { return try JSONDocument(rawBody).root }
        let type = headers.single("content-type").map { MediaType.name(of: String(decoding: $0, as: UTF8.self)) } ?? ""
        return try document(of: rawBody, mediaType: type).root
    }

    /// The post's events. Nil where it is not of the shape that the provider sends.
    public func events(in document: JSONDocument) -> [JSONValue]? {
        guard let events else { return document.root.isObject ? [document.root] : nil }
        guard let array = document.root.value(at: events), array.isArray else {
            if orOneEvent, document.root.isObject { return [document.root] }
            return otherEvents.flatMap { document.root.value(at: $0) }.flatMap(Self.objects)
        }
        return unfold.isEmpty ? Self.objects(of: array) : Unfolding.events(in: document, unfold)
    }

    private static func objects(of array: JSONValue) -> [JSONValue]? {
        guard array.isArray else { return nil }
        let elements = array.elements
        return elements.allSatisfy(\.isObject) ? elements : nil
    }
}

extension FormFields {
    /// One object of texts; of a repeated name the last counts for every JSON reader. What is not UTF-8 becomes U+FFFD.
    var json: Bytes {
        var json: Bytes = [UInt8(ascii: "{")]
        for (name, value) in fields {
            if json.count > 1 { json.append(UInt8(ascii: ",")) }
            JSONText.append(String(decoding: name, as: UTF8.self).utf8, to: &json)
            json.append(UInt8(ascii: ":"))
            JSONText.append(String(decoding: value, as: UTF8.self).utf8, to: &json)
        }
        json.append(UInt8(ascii: "}"))
        return json
    }
}
