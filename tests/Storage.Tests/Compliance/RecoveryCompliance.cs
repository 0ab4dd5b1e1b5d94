using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Storage;

namespace Webhooks.Storage.Tests.Compliance;

/// <summary>Recoveries: their stretch of the log, what they send, and that their place moves under the endpoint's fence.</summary>
public abstract class RecoveryCompliance(StoreFixture fixture)
{
    private StoreSet Store => fixture.Store;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_recovery_is_written_down_once_with_the_stretch_that_its_times_mean()
    {
        var world = await WorldAsync();
        var id = Given.NewId();
        var task = Task(world, RecoverKind.Bulk) with { Since = Given.Now.AddSeconds(2), Until = Given.Now.AddSeconds(5), Filter = new RecoverFilter(["a.b"], "c", "t", 2, 500), DryRun = true };
        await Store.Recoveries.CreateAsync(id, task, Given.Now, Cancel);
        await Store.Recoveries.CreateAsync(id, task with { DryRun = false }, Given.Now.AddHours(1), Cancel);

        var row = (await Store.Recoveries.FindAsync(id, Cancel))!;
        Assert.Equivalent(task, row.Task, strict: true);
        // Entry n was accepted n seconds after the start.
        Assert.Equal((1L, 4L, 1L), (row.FromSeq, row.ToSeq, row.Position));
        Assert.Equal((RecoverStatus.Running, Given.Now, Given.Now), (row.Status, row.CreatedAt, row.UpdatedAt));
        Assert.Equivalent(row, await Store.Recoveries.ReadRunningAsync(world.Endpoint, Cancel), strict: true);
        Assert.Null(await Store.Recoveries.FindAsync(Given.NewId(), Cancel));
    }

    [Fact]
    public async Task The_first_one_that_has_not_ended_is_the_one_that_runs()
    {
        var world = await WorldAsync();
        var (first, second) = (Given.NewId(), Given.NewId());
        await Store.Recoveries.CreateAsync(second, Task(world, RecoverKind.Bulk), Given.Now, Cancel);
        await Store.Recoveries.CreateAsync(first, Task(world, RecoverKind.Missing), Given.Now, Cancel);
        Assert.Equal(first, (await Store.Recoveries.ReadRunningAsync(world.Endpoint, Cancel))!.Id);

        Assert.True(await Store.Recoveries.CancelAsync(first, Given.Now, Cancel));
        Assert.False(await Store.Recoveries.CancelAsync(first, Given.Now, Cancel));
        Assert.Equal(second, (await Store.Recoveries.ReadRunningAsync(world.Endpoint, Cancel))!.Id);
        Assert.Equal(RecoverStatus.Cancelled, (await Store.Recoveries.FindAsync(first, Cancel))!.Status);
    }

    [Fact]
    public async Task What_has_ended_is_removed_after_its_time_and_what_runs_stays()
    {
        var world = await WorldAsync();
        var (ended, late, running) = (Given.NewId(), Given.NewId(), Given.NewId());
        foreach (var id in (Guid[])[ended, late, running])
        {
            await Store.Recoveries.CreateAsync(id, Task(world, RecoverKind.Bulk), Given.Now.AddYears(-9), Cancel);
        }

        await Store.Recoveries.CancelAsync(ended, Given.Now.AddYears(-8), Cancel);
        await Store.Recoveries.CancelAsync(late, Given.Now, Cancel);
        Assert.Equal(1, await Store.Recoveries.RemoveAsync(Given.Now.AddYears(-7), 10, Cancel));
        Assert.Null(await Store.Recoveries.FindAsync(ended, Cancel));
        Assert.NotNull(await Store.Recoveries.FindAsync(late, Cancel));
        Assert.NotNull(await Store.Recoveries.FindAsync(running, Cancel));
    }

    [Fact]
    public async Task An_organizations_recoveries_are_listed_by_page_status_and_kind()
    {
        var world = await WorldAsync();
        var ids = Enumerable.Range(0, 5).Select(static _ => Given.NewId()).ToArray();
        foreach (var (index, id) in ids.Index())
        {
            await Store.Recoveries.CreateAsync(id, Task(world, index % 2 == 0 ? RecoverKind.Failed : RecoverKind.Bulk), Given.Now, Cancel);
        }

        await Store.Recoveries.CancelAsync(ids[4], Given.Now, Cancel);
        async Task<IEnumerable<Guid>> ListAsync(RecoverStatus? status, RecoverKind? kind, PageRequest page) =>
            (await Store.Recoveries.ListAsync(world.Organization, status, kind, page, Cancel)).Items.Select(static r => r.Id);

        Assert.Equal(ids.Reverse(), await ListAsync(null, null, new PageRequest(50, Descending: true)));
        Assert.Equal([ids[3], ids[1]], await ListAsync(null, RecoverKind.Bulk, new PageRequest(50, Descending: true)));
        Assert.Equal([ids[2], ids[0]], await ListAsync(RecoverStatus.Running, RecoverKind.Failed, new PageRequest(50, Descending: true)));
        Assert.Equal([ids[2], ids[3]], await ListAsync(null, null, new PageRequest(2, EntityId.Format(EntityId.BackgroundTask, ids[1]))));
        Assert.Empty((await Store.Recoveries.ListAsync("org_other_" + Guid.NewGuid(), null, null, new PageRequest(50), Cancel)).Items);
    }

    [Fact]
    public async Task Its_place_moves_with_the_endpoints_outcomes_and_only_under_its_epoch()
    {
        var world = await WorldAsync();
        var id = Given.NewId();
        await Store.Recoveries.CreateAsync(id, Task(world, RecoverKind.Bulk), Given.Now, Cancel);
        var step = new RecoveryStep(id, 4, RecoverStatus.Running, 3, 2);
        Assert.True(await Given.RecordedAsync(Store, Given.Outcome(world.Cursor) with { Recovery = step, At = Given.Now.AddMinutes(1) }));
        var moved = (await Store.Recoveries.FindAsync(id, Cancel))!;
        Assert.Equal((4L, 3L, 2L, Given.Now.AddMinutes(1)), (moved.Position, moved.Matched, moved.Sent, moved.UpdatedAt));

        await Given.TakenAsync(Store, world.Endpoint, "silo-2");
        Assert.False(await Given.RecordedAsync(Store, Given.Outcome(world.Cursor) with { Recovery = step with { Position = 5, Status = RecoverStatus.Finished } }));
        Assert.Equal((4L, RecoverStatus.Running), ((await Store.Recoveries.FindAsync(id, Cancel))!.Position, (await Store.Recoveries.FindAsync(id, Cancel))!.Status));
    }

    [Fact]
    public async Task Each_kind_finds_what_it_is_to_send_and_nothing_that_is_sent_otherwise()
    {
        var world = await WorldAsync();
        // 1 delivered, 2 failed for good, 3 given up in a stretch, 4 parked, 5 never for this endpoint, 6 and 7 wait.
        var dead = new DeadLetterRow(2, 2, "exhausted", Given.Now);
        Assert.True(await Given.RecordedAsync(Store, Given.Outcome(world.Cursor, 5) with
        {
            Attempts = [Given.Attempt(1, world.Messages[0]), Given.Attempt(2, world.Messages[1], AttemptStatus.Fail, 503), Given.Attempt(4, world.Messages[3], AttemptStatus.Fail, 404)],
            Parked = [new ParkedRow(4, ParkedKind.Retry, 0, 1, Given.Now)],
            DeadLetters = [dead, new DeadLetterRow(3, 5, "purged", Given.Now)],
        }));

        Assert.Equal([2L], await CandidatesAsync(world, Task(world, RecoverKind.Failed)));
        Assert.Equal([2L, 3], await CandidatesAsync(world, Task(world, RecoverKind.DeadLetters)));
        Assert.Equal([1L, 2, 3], await CandidatesAsync(world, Task(world, RecoverKind.Bulk)));
        Assert.Equal([1L], await CandidatesAsync(world, Task(world, RecoverKind.Bulk) with { Filter = new RecoverFilter(Status: 0) }));
        Assert.Equal([2L, 3], await CandidatesAsync(world, Task(world, RecoverKind.Bulk) with { Filter = new RecoverFilter(Status: 2) }));
        Assert.Empty(await CandidatesAsync(world, Task(world, RecoverKind.Bulk) with { Filter = new RecoverFilter(Status: 3) }));
        Assert.Equal([2L], await CandidatesAsync(world, Task(world, RecoverKind.Bulk) with { Filter = new RecoverFilter(StatusCodeClass: 500) }));
        Assert.Equal([2L], await CandidatesAsync(world, Task(world, RecoverKind.Bulk) with { Filter = new RecoverFilter(["even"], "c2", "t2") }));
        Assert.Equal([3L, 5], await CandidatesAsync(world, Task(world, RecoverKind.Missing)));
        // What was tried since it began is not sent once more.
        Assert.Equal([3L], await CandidatesAsync(world, Task(world, RecoverKind.Bulk), createdAt: TimeProvider.System.GetUtcNow().AddHours(-1)));
    }

    [Fact]
    public async Task A_page_ends_where_its_limit_does()
    {
        var world = await WorldAsync();
        Assert.True(await Given.RecordedAsync(Store, Given.Outcome(world.Cursor, 7) with { DeadLetters = [new DeadLetterRow(1, 7, "purged", Given.Now)] }));
        var row = Row(Task(world, RecoverKind.DeadLetters), Given.Now.AddYears(1));
        var page = await Store.Recoveries.ReadCandidatesAsync(row, world.Application, world.Cursor.Ordinal, 1, 2, Cancel);
        Assert.Equal([2L, 3], page.Candidates.Select(static c => c.Seq));
        Assert.Equal(3, page.ScannedUpTo);
        page = await Store.Recoveries.ReadCandidatesAsync(row, world.Application, world.Cursor.Ordinal, 6, 2, Cancel);
        Assert.Equal([7L], page.Candidates.Select(static c => c.Seq));
        Assert.Equal(7, page.ScannedUpTo);
        Assert.Equal("key", page.Candidates[0].OrderingKey);
    }

    [Fact]
    public async Task A_recovery_that_a_dead_owner_left_is_work_and_one_of_a_deleted_endpoint_has_failed()
    {
        var world = await WorldAsync("silo-dead-" + Guid.NewGuid());
        Assert.True(await Given.RecordedAsync(Store, Given.Outcome(world.Cursor, 7)));
        var id = Given.NewId();
        await Store.Recoveries.CreateAsync(id, Task(world, RecoverKind.Bulk), Given.Now, Cancel);
        Assert.Contains(world.Endpoint, (await Store.Cluster.FindOrphansAsync(["silo-1"], Given.Now, 10_000, Cancel)).Endpoints);

        await Store.Configuration.DeleteEndpointAsync(world.Application, world.Endpoint, Given.Now, Cancel);
        Assert.Equal(RecoverStatus.Failed, (await Store.Recoveries.FindAsync(id, Cancel))!.Status);
    }

    private sealed record World(string Organization, Guid Application, Guid Endpoint, CursorRow Cursor, Guid[] Messages);

    private static RecoverTask Task(World world, RecoverKind kind) => new(
        world.Organization,
        kind,
        EntityId.Format(EntityId.Application, world.Application),
        EntityId.Format(EntityId.Endpoint, world.Endpoint),
        Given.Now.AddDays(-1),
        Given.Now.AddYears(5));

    private static RecoveryRow Row(RecoverTask task, DateTimeOffset createdAt) => new(Guid.Empty, task, 0, 7, 0, RecoverStatus.Running, 0, 0, createdAt, Given.Now);

    private async Task<IEnumerable<long>> CandidatesAsync(World world, RecoverTask task, DateTimeOffset? createdAt = null) =>
        (await Store.Recoveries.ReadCandidatesAsync(Row(task, createdAt ?? Given.Now.AddYears(1)), world.Application, world.Cursor.Ordinal, 0, 50, Cancel)).Candidates.Select(static c => c.Seq);

    /// <summary>Seven entries, accepted a second apart; all but the fifth are the endpoint's.</summary>
    private async Task<World> WorldAsync(string owner = "silo-1")
    {
        var application = await Given.ApplicationAsync(Store);
        var write = await Given.EndpointAsync(Store, application);
        var messages = Enumerable.Range(1, 7).Select(n => Given.Message("{}", n == 5 ? [] : [write.Endpoint!.Ordinal]) with
        {
            AcceptedAt = Given.Now.AddSeconds(n),
            EventType = n % 2 == 0 ? "even" : "odd",
            Channels = ["c" + n],
            Tags = ["t" + n],
            OrderingKey = "key",
        }).ToArray();
        await Given.AppendedAsync(Store, application, messages);
        var cursor = await Given.TakenAsync(Store, Given.Id(write), owner);
        return new World("org_" + Guid.NewGuid().ToString("N"), application, cursor.Endpoint, cursor, [.. messages.Select(static m => m.Id)]);
    }
}
