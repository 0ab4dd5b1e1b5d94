using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Interfaces.EventTypes;
using Webhooks.Grains.Interfaces.Messages;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Operations;

/// <summary>
/// Tells operators of what happens, by webhooks: messages of the management organization's application whose uid is the
/// organization in question. Whoever wants them creates that application and endpoints in it. Nothing waits for it, and
/// where there is no such application nothing is sent.
/// </summary>
internal sealed partial class OperationalWebhooks(IConfigurationStore configuration, IGrainFactory grains, ILogger<OperationalWebhooks> logger)
{
    /// <summary>The organization in which operators subscribe.</summary>
    public const string Management = "org_00000000000SvixManagement00";

    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(10);

    private static readonly (string Name, string Description)[] Types =
    [
        ("endpoint.created", "An endpoint was created."),
        ("endpoint.updated", "An endpoint was changed, or its secret rotated."),
        ("endpoint.deleted", "An endpoint was deleted."),
        ("endpoint.disabled", "An endpoint was disabled because of how it fared."),
        ("message.attempt.failing", "A message has failed four times at an endpoint and is tried on."),
        ("message.attempt.exhausted", "The last attempt of a message at an endpoint failed."),
        ("message.attempt.recovered", "A message was delivered at the fifth attempt or later."),
    ];

    private readonly MemoryCache _applications = new(new MemoryCacheOptions { SizeLimit = 10_000 });

    /// <summary>Makes the event types known, so that endpoints can ask for them.</summary>
    public static async Task SeedAsync(IConfigurationStore configuration, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var (name, description) in Types)
        {
            if (await configuration.FindEventTypeAsync(Management, name, cancellationToken) is null)
            {
                // Taken: another process was faster.
                await configuration.CreateEventTypeAsync(Management, new EventTypeDetails { Name = name, Description = description, CreatedAt = now, UpdatedAt = now }, cancellationToken);
            }
        }
    }

    /// <summary>Sends the news; never throws.</summary>
    /// <param name="organization">The organization in which it happened.</param>
    /// <param name="eventType">One of the seeded types.</param>
    /// <param name="data">What happened; called only when somebody wants to know.</param>
    public async Task AnnounceAsync(string organization, string eventType, Func<Task<JsonObject>> data)
    {
        try
        {
            if (organization == Management || await FindAsync(organization) is not { } application)
            {
                return;
            }

            var payload = new JsonObject { ["type"] = eventType, ["data"] = await data() };
            await grains.GetGrain<IApplicationGrain>(application).Publish(new ApplicationAddress(Management, application), new PublishMessage
            {
                Token = Guid.NewGuid(),
                MayBeRepeat = false,
                EventType = eventType,
                Payload = JsonSerializer.SerializeToUtf8Bytes(payload),
            });
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // What it tells of has happened all the same.
            Log.NotTold(logger, error, eventType, organization);
        }
    }

    private async Task<string?> FindAsync(string organization)
    {
        if (!_applications.TryGetValue<string?>(organization, out var id))
        {
            id = (await configuration.FindApplicationAsync(Management, organization, CancellationToken.None))?.Details.Id;
            _applications.Set(organization, id, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Remembered });
        }

        return id;
    }

    private static partial class Log
    {
        [LoggerMessage(1501, LogLevel.Warning, "{EventType} of {Organization} was not told to its operators")]
        public static partial void NotTold(ILogger logger, Exception error, string eventType, string organization);
    }
}
