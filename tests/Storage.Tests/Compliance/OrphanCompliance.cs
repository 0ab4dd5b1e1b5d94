using Webhooks.Grains.Storage;

namespace Webhooks.Storage.Tests.Compliance;

/// <summary>What recovery wakes: work that no living silo owns, and nothing else.</summary>
public abstract class OrphanCompliance(StoreFixture fixture)
{
    // Other tests leave work of their own in the store: each looks for its own rows only.
    private readonly string _dead = "dead-" + Guid.NewGuid().ToString("N");

    private StoreSet Store => fixture.Store;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_endpoint_of_a_dead_silo_with_entries_after_its_cursor_is_an_orphan()
    {
        var (_, endpoint) = await OwnedAsync(messages: 1);
        Assert.Contains(endpoint, (await OrphansAsync()).Endpoints);
        Assert.DoesNotContain(endpoint, (await OrphansAsync(_dead)).Endpoints);
    }

    [Fact]
    public async Task An_endpoint_with_nothing_to_do_is_none()
    {
        var (_, endpoint) = await OwnedAsync(messages: 0);
        Assert.DoesNotContain(endpoint, (await OrphansAsync()).Endpoints);
    }

    [Fact]
    public async Task A_parked_row_counts_once_it_is_due()
    {
        var (application, endpoint) = await OwnedAsync(messages: 1);
        _ = application;
        var cursor = (await Store.Cursors.ReadCursorAsync(endpoint, Cancel))!;
        await Given.RecordedAsync(Store, Given.Outcome(cursor, 1) with { Parked = [new ParkedRow(1, ParkedKind.Retry, 0, 1, Given.Now.AddMinutes(5))] });

        Assert.DoesNotContain(endpoint, (await OrphansAsync(at: Given.Now)).Endpoints);
        Assert.Contains(endpoint, (await OrphansAsync(at: Given.Now.AddMinutes(5))).Endpoints);
    }

    [Fact]
    public async Task A_released_endpoint_is_woken_when_its_time_has_come()
    {
        var (_, endpoint) = await OwnedAsync(messages: 1);
        var cursor = (await Store.Cursors.ReadCursorAsync(endpoint, Cancel))!;
        await Store.Cursors.ReleaseAsync(endpoint, cursor.Epoch, Given.Now.AddMinutes(1), Cancel);

        Assert.DoesNotContain(endpoint, (await OrphansAsync(at: Given.Now)).Endpoints);
        Assert.Contains(endpoint, (await OrphansAsync(at: Given.Now.AddMinutes(1))).Endpoints);
    }

    [Fact]
    public async Task Disabled_paused_and_deleted_endpoints_are_left_asleep()
    {
        var (application, disabled) = await OwnedAsync(messages: 1);
        var details = (await Store.Configuration.FindEndpointAsync(disabled, Cancel))!;
        await Store.Configuration.UpdateEndpointAsync(application, details with { Disabled = true }, fence: false, Cancel);
        var (third, paused) = await OwnedAsync(messages: 1);
        var held = (await Store.Configuration.FindEndpointAsync(paused, Cancel))!;
        await Store.Configuration.UpdateEndpointAsync(third, held with { Paused = true }, fence: false, Cancel);
        var (other, deleted) = await OwnedAsync(messages: 1);
        await Store.Configuration.DeleteEndpointAsync(other, deleted, Given.Now, Cancel);

        var orphans = (await OrphansAsync()).Endpoints;
        Assert.DoesNotContain(disabled, orphans);
        Assert.DoesNotContain(paused, orphans);
        Assert.DoesNotContain(deleted, orphans);
    }

    [Fact]
    public async Task An_application_of_a_dead_silo_with_a_cursor_below_its_tail_is_an_orphan()
    {
        var (application, endpoint) = await OwnedAsync(messages: 1);
        await Store.Log.TakeHeadAsync(application, _dead, Cancel);
        Assert.Contains(application, (await OrphansAsync()).Applications);
        Assert.DoesNotContain(application, (await OrphansAsync(_dead)).Applications);

        var cursor = (await Store.Cursors.ReadCursorAsync(endpoint, Cancel))!;
        await Given.RecordedAsync(Store, Given.Outcome(cursor, 1));
        Assert.DoesNotContain(application, (await OrphansAsync()).Applications);
    }

    [Fact]
    public async Task The_number_found_at_once_is_bounded()
    {
        for (var i = 0; i < 3; i++)
        {
            await OwnedAsync(messages: 1);
        }

        Assert.InRange((await Store.Cluster.FindOrphansAsync([], Given.Now.AddYears(1), 2, Cancel)).Endpoints.Count, 1, 2);
    }

    private Task<OrphanedWork> OrphansAsync(string? living = null, DateTimeOffset? at = null) =>
        Store.Cluster.FindOrphansAsync(living is null ? ["silo-1"] : ["silo-1", living], at ?? Given.Now, 10_000, Cancel);

    private async Task<(Guid Application, Guid Endpoint)> OwnedAsync(int messages)
    {
        var application = await Given.ApplicationAsync(Store);
        var write = await Given.EndpointAsync(Store, application);
        if (messages > 0)
        {
            await Given.AppendedAsync(Store, application, messages, write.Endpoint!.Ordinal);
        }

        await Given.TakenAsync(Store, Given.Id(write), _dead);
        return (application, Given.Id(write));
    }
}
