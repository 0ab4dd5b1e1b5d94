using System.Globalization;
using System.Text.Json.Nodes;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Grains.Applications;

/// <summary>What operators are told of an application.</summary>
internal sealed partial class ApplicationGrain
{
    private const int MostAnnouncing = 1000;

    private static readonly string[] NewsTypes = ["message.attempt.failing", "message.attempt.exhausted", "message.attempt.recovered"];

    private Task _announced = Task.CompletedTask;
    private int _announcing;

    public Task AnnounceAttempt(AttemptAnnouncement announcement)
    {
        if (_row is { Deleted: false } row)
        {
            AnnounceInOrder(row.Organization, NewsTypes[(int)announcement.News], async () => new JsonObject
            {
                ["appId"] = row.Details.Id,
                ["appUid"] = row.Details.Uid,
                ["msgId"] = announcement.MessageId,
                ["msgEventId"] = (await reads.FindMessageAsync(_id, announcement.MessageId, withContent: false, CancellationToken.None))?.EventId,
                ["endpointId"] = announcement.EndpointId,
                ["lastAttempt"] = new JsonObject
                {
                    ["id"] = announcement.AttemptId,
                    ["responseStatusCode"] = announcement.StatusCode,
                    ["timestamp"] = Spell(announcement.StartedAt),
                },
            });
        }

        return Task.CompletedTask;
    }

    private void Announce(string eventType, EndpointDetails endpoint, DateTimeOffset? failingSince = null) =>
        AnnounceInOrder(_row!.Organization, eventType, () =>
        {
            var data = new JsonObject
            {
                ["appId"] = _row.Details.Id,
                ["appUid"] = _row.Details.Uid,
                ["endpointId"] = endpoint.Id,
                ["endpointUid"] = endpoint.Uid,
            };
            if (failingSince is { } since)
            {
                data["failSince"] = Spell(since);
            }

            return Task.FromResult(data);
        });

    /// <summary>One after the other, as it happened; what comes while too much waits is dropped, and nothing else waits for it.</summary>
    private void AnnounceInOrder(string organization, string eventType, Func<Task<JsonObject>> data)
    {
        if (_announcing < MostAnnouncing)
        {
            _announcing++;
            _announced = AnnounceAfterAsync(_announced, organization, eventType, data);
        }
        else
        {
            Log.NotAnnounced(logger, eventType, Name);
        }
    }

    private async Task AnnounceAfterAsync(Task earlier, string organization, string eventType, Func<Task<JsonObject>> data)
    {
        await earlier;
        await operations.AnnounceAsync(organization, eventType, data);
        _announcing--;
    }

    private static string Spell(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
