import Common
import Foundation
import Testing

extension FuzzTarget: CustomTestStringConvertible {
    var testDescription: String { name }
}

/// Every input that was worth keeping, and a fixed number of random changes of each, through the ordinary build. `make fuzz` looks for new ones.
@Suite struct FuzzReplayTests {
    /// Of each target; a debug build makes some hundred a second of the slower ones.
    private static let changes = 400

    private static let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "corpus")

    private func inputs(of target: FuzzTarget) throws -> [(name: String, bytes: Bytes)] {
        let folder = Self.corpus.appending(path: target.name)
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { name in
            (name, Bytes(try Data(contentsOf: folder.appending(path: name))))
        }
    }

    @Test(arguments: FuzzTarget.all)
    func holdsOfTheCorpus(_ target: FuzzTarget) throws {
        let inputs = try inputs(of: target)
        #expect(!inputs.isEmpty, "corpus/\(target.name) is empty")
        for (name, bytes) in inputs {
            let finding = target.check(bytes)
            #expect(finding == nil, "corpus/\(target.name)/\(name)")
        }
    }

    @Test(arguments: FuzzTarget.all)
    func holdsOfWhatIsLikeTheCorpus(_ target: FuzzTarget) throws {
        var mutator = Mutator(seed: 1)
        let inputs = try inputs(of: target)
        let bases = inputs.map(\.bytes) + [[]]
        for turn in 0..<Self.changes {
            let changed = mutator.changed(bases[turn % bases.count], with: bases)
            let finding = target.check(changed)
            #expect(finding == nil, "in base 64: \(String(decoding: Base64.encode(changed), as: UTF8.self))")
        }
    }

    /// A target that leaves providers out would find nothing in them.
    @Test func reachesEveryProvider() {
        #expect(VerifyFuzz.providers == Catalogue.providers.map(\.source))
        let signed = Set(SignFuzz.signers.map(\.provider.source)).union(Requests.honest.map(\.provider.source))
        #expect(Catalogue.providers.map(\.source).filter { !signed.contains($0) }.isEmpty)
        for honest in Requests.honest {
            let isTaken = (try? honest.verifier.verify(honest.request, now: honest.now, certificates: honest.certificates)) != nil
            #expect(isTaken, "\(honest.provider.source)")
        }
        #expect(FuzzTarget.all.count == Set(FuzzTarget.all.map(\.name)).count)
    }
}
