import Yams

typealias SettingsNode = Yams.Node
