using System.Runtime.InteropServices;

namespace Webhooks.Faults.Machinery;

/// <summary>A network of this process and its children alone, with nothing in it but loopback, so that packet filter rules touch nobody else.</summary>
/// <remarks>
/// Mounts are private too: what is mounted inside is gone with the last process inside, however that ends. Everything that a
/// run talks to has to run inside: PostgreSQL, silos, gateways, receivers, publishers.
/// </remarks>
internal static class PrivateNetwork
{
    // The network that was left; inside, a process's own is another one. Children inherit both.
    private const string Left = "WEBHOOKS_FAULTS_LEFT_NETWORK";
    private const string OwnNetwork = "/proc/self/ns/net";
    private const int CannotExecute = 126;

    private static readonly Lazy<string?> s_unavailable = new(Probe);

    /// <summary>Whether this process is inside.</summary>
    public static bool IsPrivate => Environment.GetEnvironmentVariable(Left) is { Length: > 0 } left && left != Current;

    private static string? Current => new FileInfo(OwnNetwork).LinkTarget;

    /// <summary>Why there can be none; null when there can.</summary>
    public static string? Unavailable() => s_unavailable.Value;

    /// <summary>Replaces this process by itself, with the same id, streams and terminal, inside a private network.</summary>
    /// <remarks>
    /// Nothing stands between: signals and exit code are those of one process. To be called before anything else is done, for
    /// what runs in this process ends without a word.
    /// </remarks>
    /// <returns>Null when it is inside already or cannot be; an exit code when the system did not start it; otherwise it does not return.</returns>
    public static int? Reexecute(string[] args)
    {
        if (IsPrivate || Unavailable() is not null)
        {
            return null;
        }

        var program = Environment.ProcessPath!;
        string[] self = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, Environment.GetCommandLineArgs()[0], .. args] : [program, .. args];
        var (file, arguments) = Command(self[0], self[1..]);
        _ = Execute(file, [file, .. arguments, null]);
        Console.Error.WriteLine($"{file} could not be executed: error {Marshal.GetLastPInvokeError()}.");
        return CannotExecute;
    }

    /// <summary>How any program is started inside a new private network.</summary>
    public static (string File, string[] Arguments) Command(string file, IEnumerable<string> arguments) =>
        ("env", [$"{Left}={Current}", "unshare", "--net", "--mount", "--", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh", file, .. arguments]);

    private static string? Probe()
    {
        if (Environment.UserName != "root")
        {
            return "only root can make a private network";
        }

        return Machinery.Command.WhyNot("unshare", "--net", "--mount", "--", "ip", "link", "set", "lo", "up");
    }

    [DllImport("libc", EntryPoint = "execvp", SetLastError = true)]
    private static extern int Execute(
        [MarshalAs(UnmanagedType.LPStr)] string file,
        [MarshalAs(UnmanagedType.LPArray, ArraySubType = UnmanagedType.LPStr)] string?[] arguments);
}
