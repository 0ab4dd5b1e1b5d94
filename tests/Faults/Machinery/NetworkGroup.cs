using System.Globalization;

namespace Webhooks.Faults.Machinery;

/// <summary>Whose connections are whose: a process that the packet filter can tell from others, because its primary group is one of its own.</summary>
/// <remarks>
/// A group rather than a user, so that the process stays root and can read and write what it could before. Connections are known
/// by the process that opened them (<c>-m owner</c> at their first packet) and carry that as a mark of the connection from then on,
/// in both directions, whatever ports and addresses they have.
/// </remarks>
/// <param name="Id">A group that nothing else runs under, from 1; the group need not exist.</param>
internal sealed record NetworkGroup(int Id)
{
    /// <summary>How a program is started as a process of the group; the process's id is the program's.</summary>
    public (string File, string[] Arguments) Command(string file, IEnumerable<string> arguments) =>
        ("setpriv", ["--regid", Id.ToString(CultureInfo.InvariantCulture), "--clear-groups", file, .. arguments]);
}
