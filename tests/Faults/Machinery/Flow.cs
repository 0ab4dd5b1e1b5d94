namespace Webhooks.Faults.Machinery;

/// <summary>Which packets of a connection.</summary>
internal enum FlowDirection
{
    Both = 0,

    /// <summary>Those of the end that opened the connection.</summary>
    FromOpener = 1,

    /// <summary>Those of the end that listened.</summary>
    FromListener = 2,
}

/// <summary>TCP connections over IPv4, new and established, told by where they lead and by who opened them.</summary>
/// <param name="Port">The port that was listened on, wherever it is.</param>
/// <param name="OpenedBy">The group that opened them; null for anyone.</param>
internal sealed record Flow(int Port, NetworkGroup? OpenedBy = null, FlowDirection Direction = FlowDirection.Both)
{
    /// <summary>All between one process and others of its kind, as between a silo and its peers: what they open to it and what it opens to them.</summary>
    /// <param name="process">The process.</param>
    /// <param name="port">The port that it listens on for the others.</param>
    /// <param name="others">The others' ports, so that what it opens to anything else is left alone.</param>
    public static Flow[] Between(NetworkGroup process, int port, params IEnumerable<int> others) =>
        [new(port), .. others.Select(other => new Flow(other, process))];

    /// <summary>All between two processes that each listen for the other.</summary>
    public static Flow[] Between((NetworkGroup Group, int Port) one, (NetworkGroup Group, int Port) other) =>
        [new(one.Port, other.Group), new(other.Port, one.Group)];
}
