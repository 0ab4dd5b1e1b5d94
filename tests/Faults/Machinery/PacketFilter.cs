using System.Globalization;

namespace Webhooks.Faults.Machinery;

/// <summary>Cuts TCP connections inside the <see cref="PrivateNetwork"/>, those that are established and those to come.</summary>
/// <remarks>
/// To cut by the process that opens a connection, call <see cref="PrepareAsync"/> once with its <see cref="NetworkGroup"/>, and
/// start the process by the group's command after that. Then, of a silo: <c>new Flow(postgresPort, silo)</c> is its way to
/// the store, <c>Flow.Between(silo, siloPort, peersPorts)</c> all between it and its peers, <c>new Flow(gatewayPort)</c> what
/// gateways open to it, <c>new Flow(gatewayPort, gateway)</c> what one of them does. A cut falls from one
/// packet to the next, whatever number of flows it has.
/// </remarks>
internal static class PacketFilter
{
    private static readonly Lazy<string?> s_unavailable = new(Probe);
    private static int s_cuts;

    /// <summary>Why nothing can be cut; null when something can. Also asked outside a private network.</summary>
    public static string? Unavailable() => s_unavailable.Value;

    /// <summary>Marks connections that processes of the group will open.</summary>
    public static async Task PrepareAsync(NetworkGroup group)
    {
        ThrowIfShared();
        var id = Text(group.Id);
        await RunAsync("-t", "mangle", "-A", "OUTPUT", "-p", "tcp", "-m", "conntrack", "--ctstate", "NEW", "-m", "owner", "--gid-owner", id, "-j", "CONNMARK", "--set-mark", id);
    }

    /// <summary>Packets vanish, as behind a broken switch: nobody is told, connections hang.</summary>
    public static Task<PacketCut> DropAsync(params IEnumerable<Flow> flows) => CutAsync([], ["DROP"], flows);

    /// <summary>Packets are answered by a reset, as by a machine that has restarted: connections break, new ones are refused.</summary>
    public static Task<PacketCut> RejectAsync(params IEnumerable<Flow> flows) =>
        // The resets themselves pass the same rules.
        CutAsync(["!", "--tcp-flags", "RST", "RST"], ["REJECT", "--reject-with", "tcp-reset"], flows);

    /// <summary>Takes a cut back, all of it from one packet to the next.</summary>
    public static async Task HealAsync(string chain)
    {
        await RunAsync("-D", "INPUT", "-j", chain);
        await RunAsync("-F", chain);
        await RunAsync("-X", chain);
    }

    private static async Task<PacketCut> CutAsync(string[] which, string[] verdict, IEnumerable<Flow> flows)
    {
        ThrowIfShared();
        var chain = "cut-" + Text(Interlocked.Increment(ref s_cuts));
        await RunAsync("-N", chain);
        foreach (var flow in flows)
        {
            string[] opener = flow.OpenedBy is { } group ? ["-m", "connmark", "--mark", Text(group.Id)] : [];
            string[] direction = flow.Direction switch
            {
                FlowDirection.FromOpener => ["--ctdir", "ORIGINAL"],
                FlowDirection.FromListener => ["--ctdir", "REPLY"],
                _ => [],
            };
            await RunAsync(["-A", chain, "-p", "tcp", .. which, .. opener, "-m", "conntrack", .. direction, "--ctorigdstport", Text(flow.Port), "-j", .. verdict]);
        }

        // From one packet to the next everything is cut.
        await RunAsync("-I", "INPUT", "-j", chain);
        return new PacketCut(chain);
    }

    private static Task RunAsync(params string[] arguments) => Command.RunAsync("iptables", ["-w", .. arguments]);

    private static void ThrowIfShared()
    {
        if (!PrivateNetwork.IsPrivate)
        {
            throw new InvalidOperationException("Packets are filtered in a private network only.");
        }
    }

    private static string? Probe()
    {
        if (PrivateNetwork.Unavailable() is { } reason)
        {
            return reason;
        }

        if (Command.Find("iptables") is null || Command.Find("setpriv") is null)
        {
            return "iptables or setpriv is not installed: tests/install.sh installs them on Debian";
        }

        // What the kernel has is known once it has taken such rules.
        return Command.WhyNot("unshare", "--net", "--", "sh", "-c", """
            iptables -t mangle -A OUTPUT -p tcp -m conntrack --ctstate NEW -m owner --gid-owner 1 -j CONNMARK --set-mark 1 &&
            iptables -A INPUT -p tcp -m connmark --mark 1 -m conntrack --ctdir REPLY --ctorigdstport 1 -j REJECT --reject-with tcp-reset
            """);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A cut that is there until it is disposed.</summary>
internal sealed class PacketCut(string chain) : IAsyncDisposable
{
    private int _healed;

    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _healed, 1) == 0 ? new ValueTask(PacketFilter.HealAsync(chain)) : ValueTask.CompletedTask;
}
