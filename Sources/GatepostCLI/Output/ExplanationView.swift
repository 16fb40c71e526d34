import Common

/// Why a request verifies or not, for people and programs.
struct ExplanationView {
    let explanation: Explanation

    private var failure: VerificationFailure? { if case .failure(let failure) = explanation.verdict { failure } else { nil } }

    var verifies: Bool { failure == nil }

    private var tenant: String? { if case .success(let tenant) = explanation.verdict { tenant.description } else { nil } }

    var json: JSONTree {
        [
            "verdict": .string(verifies ? "accept" : "reject"), "reason": JSONTree(failure?.tag ?? "signature verified"),
            "tenant": JSONTree(tenant), "explained": .bool(verifies || explanation.isExplained),
            "findings": .array(
                explanation.findings.map { finding -> JSONTree in
                    [
                        "tag": .string(finding.tag), "text": .string(finding.text),
                        "mend": JSONTree(finding.mend.isEmpty ? nil : finding.mend),
                        "cause": .bool(finding.isCause),
                    ]
                }),
            "tried": .array(explanation.tried.map { .string($0) }), "trials": JSONTree(explanation.trials), "cut": .bool(explanation.isCut),
        ]
    }

    var lines: [String] {
        guard let failure else { return ["verifies, with the secret of tenant \(tenant ?? "")"] }
        var lines = ["does not verify: \(failure.tag)"]
        for finding in explanation.findings {
            lines.append("")
            lines.append(finding.text)
            if !finding.mend.isEmpty { lines.append("  -> \(finding.mend)") }
        }
        guard !explanation.isExplained else { return lines.map(\.printable) }
        lines.append("")
        if !explanation.tried.isEmpty {
            lines.append(
                "Nothing that was tried makes it verify (\(explanation.trials) signatures made): "
                    + explanation.tried.joined(separator: "; "))
        }
        if explanation.isCut { lines.append("Not all was tried: the body is large, or there are many secrets.") }
        lines.append("What may be left:")
        lines += Explanation.remaining.map { "  - \($0)" }
        return lines.map(\.printable)
    }
}
