using System.Text;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Signing;
using Webhooks.Grains.Storage;
using Webhooks.Storage.Tests;

namespace Webhooks.Benchmarks;

/// <summary>A data directory as an outage leaves it: an endpoint at which each message was tried once and given up.</summary>
internal static class DeadLetters
{
    private const int PerBatch = 2000;
    private const string Organization = "org_processes";

    /// <summary>The text ids of application and endpoint.</summary>
    public static async Task<(string Application, string Endpoint)> MakeAsync(string folder, string url, int messages)
    {
        await using var store = StoreSet.OnSqlite(folder);
        await store.Schema.MigrateAsync(CancellationToken.None);
        var now = TimeProvider.System.GetUtcNow();
        var id = TimeOrderedId.Create(now);
        var application = new ApplicationDetails(EntityId.Format(EntityId.Application, id), null, "dead", null, new Dictionary<string, string>(), now, now);
        await store.Configuration.CreateApplicationAsync(new ApplicationRow(id, Organization, false, application), CancellationToken.None);
        var written = await store.Configuration.CreateEndpointAsync(
            id,
            new EndpointDetails
            {
                Id = EntityId.Format(EntityId.Endpoint, TimeOrderedId.Create(now)),
                ApplicationId = application.Id,
                Ordinal = 0,
                Url = url,
                EventTypes = ["dead.event"],
                Secrets = [new EndpointSecret(SigningKeys.Generate())],
                CreatedAt = now,
                UpdatedAt = now,
            },
            CancellationToken.None);
        var cursor = await Given.TakenAsync(store, Given.Id(written));
        for (var tail = 0; tail < messages;)
        {
            tail = await FillAsync(store, cursor, tail, Math.Min(PerBatch, messages - tail));
        }

        await store.Cursors.ReleaseAsync(cursor.Endpoint, cursor.Epoch, null, CancellationToken.None);
        return (application.Id, written.Endpoint!.Id);
    }

    private static async Task<int> FillAsync(StoreSet store, CursorRow cursor, int tail, int count)
    {
        var now = TimeProvider.System.GetUtcNow();
        var messages = Enumerable.Range(tail, count).Select(i => new NewMessage
        {
            Id = TimeOrderedId.Create(now),
            Token = Guid.NewGuid(),
            CheckToken = false,
            AcceptedAt = now,
            EventType = "dead.event",
            Recipients = [cursor.Ordinal],
            Payload = Encoding.UTF8.GetBytes($$"""{"number":{{i}},"customer":"c_1043","amount":1999,"currency":"EUR"}"""),
        }).ToList();
        var head = (await store.Log.ReadHeadAsync(cursor.Application, CancellationToken.None))!;
        await store.Log.AppendAsync([new AppendRequest(cursor.Application, tail, head.RoutingVersion, "nobody", messages)], DateTimeOffset.MinValue, CancellationToken.None);
        var recorded = await store.Cursors.RecordAsync(
            [
                Given.Outcome(cursor, tail + count) with
                {
                    Attempts = [.. messages.Select((m, i) => Given.Attempt(tail + i + 1, m.Id, AttemptStatus.Fail, 500) with { StartedAt = now })],
                    DeadLetters = [new DeadLetterRow(tail + 1, tail + count, "exhausted", now)],
                },
            ],
            CancellationToken.None);
        return recorded[0] ? tail + count : throw new InvalidOperationException("The cursor was taken by somebody else.");
    }
}
