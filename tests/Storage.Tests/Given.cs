using System.Text;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Storage;

namespace Webhooks.Storage.Tests;

/// <summary>Rows to start from.</summary>
internal static class Given
{
    /// <summary>Whole milliseconds: what both stores keep exactly.</summary>
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static Guid NewId() => TimeOrderedId.Create(TimeProvider.System.GetUtcNow());

    public static ApplicationRow ApplicationRow(string? uid = null, string organization = "org_a")
    {
        var id = NewId();
        return new ApplicationRow(id, organization, false, new ApplicationDetails(
            EntityId.Format(EntityId.Application, id), uid, "Shop", null, new Dictionary<string, string> { ["tier"] = "gold" }, Now, Now));
    }

    public static async Task<Guid> ApplicationAsync(StoreSet store)
    {
        var row = ApplicationRow();
        Assert.Equal(WriteVerdict.Written, await store.Configuration.CreateApplicationAsync(row, CancellationToken.None));
        return row.Id;
    }

    public static EndpointDetails Endpoint(Guid application, string? uid = null) => new()
    {
        Id = EntityId.Format(EntityId.Endpoint, NewId()),
        ApplicationId = EntityId.Format(EntityId.Application, application),
        Ordinal = -1,
        Uid = uid,
        Url = "https://receiver.example/hooks",
        Secrets = [new EndpointSecret("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD")],
        CreatedAt = Now,
        UpdatedAt = Now,
    };

    public static async Task<EndpointWrite> EndpointAsync(StoreSet store, Guid application, string? uid = null)
    {
        var write = await store.Configuration.CreateEndpointAsync(application, Endpoint(application, uid), CancellationToken.None);
        Assert.Equal(WriteVerdict.Written, write.Verdict);
        return write;
    }

    public static Guid Id(EndpointWrite write) => Id(write.Endpoint!);

    public static Guid Id(EndpointDetails endpoint) =>
        EntityId.TryParse(EntityId.Endpoint, endpoint.Id, out var id) ? id : throw new FormatException(endpoint.Id);

    public static NewMessage Message(string payload = "{}", params int[] recipients) => new()
    {
        Id = NewId(),
        Token = Guid.NewGuid(),
        CheckToken = false,
        AcceptedAt = Now,
        EventType = "lead.captured",
        Recipients = recipients,
        Payload = Encoding.UTF8.GetBytes(payload),
    };

    /// <summary>An append that fits the head as it stands.</summary>
    public static async Task<AppendRequest> AppendAsync(StoreSet store, Guid application, params NewMessage[] messages)
    {
        var head = await store.Log.ReadHeadAsync(application, CancellationToken.None);
        return new AppendRequest(application, head!.Tail, head.RoutingVersion, "silo-1", messages);
    }

    /// <summary>Messages in the log; where it ends then.</summary>
    public static async Task<long> AppendedAsync(StoreSet store, Guid application, params NewMessage[] messages)
    {
        var request = await AppendAsync(store, application, messages);
        Assert.Equal([true], await store.Log.AppendAsync([request], DateTimeOffset.MinValue, CancellationToken.None));
        return request.ExpectedTail + messages.Length;
    }

    /// <summary>As many messages for the endpoint with this ordinal.</summary>
    public static Task<long> AppendedAsync(StoreSet store, Guid application, int count, params int[] recipients) =>
        AppendedAsync(store, application, [.. Enumerable.Range(1, count).Select(i => Message("{\"n\":" + i + "}", recipients))]);

    public static async Task<CursorRow> TakenAsync(StoreSet store, Guid endpoint, string owner = "silo-1")
    {
        var row = await store.Cursors.ReadCursorAsync(endpoint, CancellationToken.None);
        return (await store.Cursors.TakeCursorAsync(endpoint, row!.Epoch, owner, Now, CancellationToken.None))!;
    }

    public static OutcomeBatch Outcome(CursorRow cursor, long? position = null) => new()
    {
        Endpoint = cursor.Endpoint,
        Application = cursor.Application,
        Epoch = cursor.Epoch,
        Position = position ?? cursor.Position,
        Health = EndpointHealth.Fresh,
    };

    public static AttemptRow Attempt(long seq, Guid message, AttemptStatus status = AttemptStatus.Success, int code = 200) => new(
        NewId(), seq, message, Now, status, code, 12, AttemptTrigger.Scheduled, "https://receiver.example/hooks", "ok"u8.ToArray(), null);

    public static async Task<bool> RecordedAsync(StoreSet store, OutcomeBatch batch) =>
        Assert.Single(await store.Cursors.RecordAsync([batch], CancellationToken.None));
}
