using Webhooks.Grains.Applications;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Grains.Tests.Applications;

/// <summary>Acts whose entry in the audit log could not be written yet.</summary>
public sealed class BegunActsTests
{
    [Fact]
    public void An_act_is_known_until_it_is_written_down()
    {
        var acts = new BegunActs();
        var (one, other) = (Guid.NewGuid(), Guid.NewGuid());
        acts.Remember(one, new GivenUp(7, "msg_1", InFlight: false));

        Assert.Equal(7, acts.Find(one)?.UpTo);
        Assert.Null(acts.Find(other));
        acts.Forget(one);
        Assert.Null(acts.Find(one));
    }

    [Fact]
    public void Only_so_many_are_remembered_and_the_oldest_are_forgotten()
    {
        var acts = new BegunActs();
        Guid[] ids = [.. Enumerable.Range(0, BegunActs.Most + 2).Select(static _ => Guid.NewGuid())];
        foreach (var id in ids)
        {
            acts.Remember(id, new GivenUp(1, null, InFlight: false));
        }

        Assert.Equal(ids[2..], ids.Where(id => acts.Find(id) is not null));
    }
}
