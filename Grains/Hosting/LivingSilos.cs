using Orleans.Runtime;
using Webhooks.Grains.Interfaces.Cluster;

namespace Webhooks.Grains.Hosting;

/// <summary>
/// Which silos live, in the words that owners are stored in. A silo that the membership does not know counts as dead,
/// but for this one: rows of an earlier start of the same machine must not wait for it.
/// </summary>
internal sealed class LivingSilos(ILocalSiloDetails local, IClusterMembershipService membership)
{
    /// <summary>An owner that never lives: whoever left it there wants recovery to look.</summary>
    public const string Orphaned = "orphaned";

    private const int MostListed = 100;

    /// <summary>This silo.</summary>
    public string Self { get; } = local.SiloAddress.ToParsableString();

    /// <summary>All that live, this one among them.</summary>
    public IReadOnlyList<string> Living =>
    [
        Self,
        .. membership.CurrentSnapshot.Members.Values
            .Where(static m => IsAlive(m.Status))
            .Select(static m => m.SiloAddress.ToParsableString())
            .Where(address => address != Self),
    ];

    /// <summary>Those that are known, the dead ones last; of these not all, for they are kept long.</summary>
    public IReadOnlyList<SiloMember> List() =>
    [
        .. membership.CurrentSnapshot.Members.Values
            .Select(static m => new SiloMember(m.SiloAddress.ToParsableString(), m.Name, m.Status.ToString(), IsAlive(m.Status)))
            .OrderByDescending(static m => m.Lives)
            .ThenByDescending(static m => m.Address, StringComparer.Ordinal)
            .Take(MostListed),
    ];

    public bool IsLiving(string owner)
    {
        if (owner == Self)
        {
            return true;
        }

        foreach (var member in membership.CurrentSnapshot.Members.Values)
        {
            if (IsAlive(member.Status) && member.SiloAddress.ToParsableString() == owner)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>An item whenever the set of living silos has become another one; the first at once.</summary>
    public async IAsyncEnumerable<IReadOnlyList<string>> ChangesAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HashSet<string>? last = null;
        await foreach (var _ in membership.MembershipUpdates.WithCancellation(cancellationToken))
        {
            var living = Living;
            if (last is null || !last.SetEquals(living))
            {
                last = [.. living];
                yield return living;
            }
        }
    }

    private static bool IsAlive(SiloStatus status) =>
        status is SiloStatus.Joining or SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Stopping;
}
