import ArgumentParser

struct NginxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nginx", abstract: "nginx's part of the settings: writes it, compares it, keeps allowlists.",
        subcommands: [NginxRenderCommand.self, NginxCheckCommand.self, NginxAllowlistCommand.self])
}

/// Where the written files are: sources/NAME.conf and allow/NAME.conf below it.
struct NginxFolderOptions: ParsableArguments {
    static let usual = "/etc/nginx/gatepost"

    @Option(help: ArgumentHelp("The directory of the written files.", valueName: "directory"))
    var to = Self.usual
}
