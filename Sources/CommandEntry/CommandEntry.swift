import ArgumentParser
import Foundation

extension ParsableCommand {
    /// Parses the process's arguments and runs what they ask for. Bad usage ends with status 2; ArgumentParser's own is 64.
    /// - Parameters:
    ///   - arguments: nil: the process's own.
    ///   - leave: gets every error of the command's own first, and may end the process in its own words.
    public static func start(_ arguments: [String]? = nil, orLeave leave: (any Error) -> Void = { _ in }) {
        do {
            var command = try parseAsRoot(arguments)
            try command.run()
        } catch {
            leave(error)
            guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
            FileHandle.standardError.write(Data("\(fullMessage(for: error))\n".utf8))
            Foundation.exit(2)
        }
    }
}
