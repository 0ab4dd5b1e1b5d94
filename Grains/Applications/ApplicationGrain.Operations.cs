using System.Globalization;
using System.Text.Json.Nodes;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Grains.Applications;

/// <summary>What operators are told of an application.</summary>
internal sealed partial class ApplicationGrain
{
    private static readonly string[] NewsTypes = ["message.attempt.failing", "message.attempt.exhausted", "message.attempt.recovered"];

    public Task AnnounceAttempt(AttemptAnnouncement announcement)
    {
        if (_row is { Deleted: false } row)
        {
            operations.Announce(row.Organization, NewsTypes[(int)announcement.News], async () => new JsonObject
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
        operations.Announce(_row!.Organization, eventType, () =>
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

    private static string Spell(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
