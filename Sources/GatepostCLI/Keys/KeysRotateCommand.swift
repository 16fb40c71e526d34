import ArgumentParser
import Common
import Foundation

struct KeysRotateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Encrypts everything with the active key, also what is plain still, while all goes on.",
        discussion: """
            The active key is the first of GATEPOST_DATA_KEY; the old ones must stand behind it until this is done. Have ingest read its keys \
            anew first. It may be killed: the next run goes on. With --to-plain everything is decrypted for good; set `encryption: off` first.

            Exit status: 0 done, 1 failed or something cannot be opened, 2 bad usage or settings.
            """)

    @OptionGroup var storeOptions: StoreOptions

    @Flag(name: .customLong("to-plain"), help: "Decrypt instead.")
    var toPlain = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let store = try storeOptions.open(.readWrite)
        if toPlain, store.vault.mode != .off {
            throw Failure("set `encryption: off` first, or ingest goes on encrypting", status: Failure.badSettings)
        }
        try store.overwriteWhatIsRemoved()
        let rotation = try Rotation(store: store, toPlain: toPlain)
        let target = toPlain ? "plain" : "key \(store.vault.keys.active?.id ?? "")"
        try store.recordCommand("keys.rotate", target, detail: "begun")
        let meter = ProgressLine(isShown: !json)
        let done = try rotation.run { progress in
            meter.show("\(progress.part): \(progress.looked) looked at, \(progress.moved) rewritten")
            return true
        }
        meter.end()
        let parts = done ?? []
        let (moved, unreadable) = (parts.reduce(0) { $0 + $1.moved }, parts.reduce(0) { $0 + $1.unreadable })
        try store.recordCommand("keys.rotate", target, count: moved, detail: "done; \(unreadable) cannot be opened")
        store.emptyTheLog()
        report(parts, target)
        if unreadable > 0 {
            let why = parts.compactMap(\.firstFault).first.map { ": \($0)" } ?? ""
            throw Failure("\(unreadable) values cannot be opened and were left as they are\(why)")
        }
    }

    private func report(_ parts: [Rotation.Progress], _ target: String) {
        if json {
            let list = parts.map { part -> JSONTree in
                ["part": .string(part.part), "rewritten": JSONTree(part.moved), "unreadable": JSONTree(part.unreadable)]
            }
            return Output.json(["target": .string(target), "parts": .array(list)])
        }
        for part in parts where part.moved > 0 { Output.line("\(part.part): \(part.moved) rewritten") }
        Output.line("everything that can be opened is \(toPlain ? "plain" : "under \(target)")")
    }
}

/// One line on the terminal that is written over; nothing where standard error is none.
final class ProgressLine {
    private let isShown: Bool
    private var last = ContinuousClock.now - .seconds(1)
    private var wrote = false

    init(isShown: Bool) { self.isShown = isShown && isatty(STDERR_FILENO) == 1 }

    /// Ten times a second at most.
    func show(_ text: String) {
        guard isShown, .now - last > .milliseconds(100) else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8))
        (last, wrote) = (.now, true)
    }

    func end() {
        if wrote { FileHandle.standardError.write(Data("\n".utf8)) }
    }
}
