// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]

let package = Package(
    name: "gatepost",
    products: [
        .executable(name: "gatepost-ingest", targets: ["IngestFCGI"]),
        .executable(name: "gatepost-worker", targets: ["CronWorker"]),
        .executable(name: "gatepost-admin", targets: ["AdminFCGI"]),
        .executable(name: "gatepost", targets: ["GatepostCLI"]),
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        // The distribution's C libraries: their security updates come through apt.
        .systemLibrary(name: "CFCGI", pkgConfig: "fcgi", providers: [.apt(["libfcgi-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),

        .systemLibrary(name: "CMalloc"),

        // Values, decisions and plans, and the edges that every program shares.
        .target(
            name: "Common",
            dependencies: [
                "COpenSSL",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict),
        // HTTP through libcurl, apart from Common so that ingest does not link it.
        .target(name: "Transport", dependencies: ["CCurl"], swiftSettings: strict),
        // Brings notices to people: Slack, e-mail, a webhook.
        .target(name: "Alerting", dependencies: ["Common", "Transport"], swiftSettings: strict),

        // How a WordPress is spoken to, and what its answers mean: for the worker and for `gatepost check --connect`.
        .target(name: "Delivery", dependencies: ["Common", "Transport"], swiftSettings: strict),

        // What providers say they sent, held against what we have.
        .target(name: "Backfill", dependencies: ["Common", "Transport"], swiftSettings: strict),

        // How each program begins and ends.
        .target(
            name: "CommandEntry",
            dependencies: [.product(name: "ArgumentParser", package: "swift-argument-parser")], swiftSettings: strict),

        // The socket on which the web server calls, signals, systemd: of every program that serves.
        .target(name: "Serving", swiftSettings: strict),

        .executableTarget(
            name: "IngestFCGI",
            dependencies: [
                "CFCGI", "CMalloc", "CommandEntry", "Common", "Serving",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "CronWorker",
            dependencies: [
                "Alerting", "CMalloc", "CommandEntry", "Common", "Delivery", "Transport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "GatepostCLI",
            dependencies: [
                "Alerting", "Backfill", "CommandEntry", "Common", "Delivery", "Transport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),

        .executableTarget(
            name: "AdminFCGI",
            dependencies: [
                "CFCGI", "CommandEntry", "Common", "Serving",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Mustache", package: "swift-mustache"),
            ],
            // Within the program: it is one file wherever it is installed.
            resources: [.embedInCode("Assets"), .embedInCode("Templates")],
            swiftSettings: strict),

        .testTarget(
            name: "CommonTests", dependencies: ["Common", .product(name: "GRDB", package: "GRDB.swift")], swiftSettings: strict),
        .testTarget(
            name: "IngestTests", dependencies: ["IngestFCGI", "Common", "Serving", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: strict),
        .testTarget(
            name: "AdminTests", dependencies: ["AdminFCGI", "Common", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: strict),
        .testTarget(
            name: "CLITests",
            dependencies: ["GatepostCLI", "Common", .product(name: "GRDB", package: "GRDB.swift")], swiftSettings: strict),
        .testTarget(
            name: "WorkerTests",
            dependencies: [
                "Alerting", "Backfill", "CronWorker", "Common", "Delivery", "Transport", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "CatalogueTests",
            dependencies: ["Common", "GatepostCLI"], exclude: ["Fixtures"], swiftSettings: strict),
        // Driver is libFuzzer's entry: scripts/fuzz compiles it, with what is beside it.
        .testTarget(
            name: "FuzzTests", dependencies: ["Common", "IngestFCGI"], path: "Tests/Fuzz", exclude: ["Driver", "corpus"],
            swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "Common", "Transport",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict),
    ]
)
