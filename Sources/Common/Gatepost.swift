/// What every program says of itself.
public enum Gatepost {
    public static let version = "0.1.0"
}
