/// Why verification refuses, in the words that ingest logs and `rejected list` shows.
public enum RejectionReasons {
    public static let all = [
        "signature_missing", "signature_wrong", "timestamp_missing", "timestamp_off", "header_unreadable", "body_unreadable",
        "certificate", "certificate_wanted", "secret_unasked",
    ]
}
