using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Matching;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Deliveries;

/// <summary>Dead letters, and why a message was not delivered.</summary>
internal sealed partial class DeliveryQueries
{
    /// <summary>Entries that are looked at for what is ahead: a person who waits behind more wants no exact number.</summary>
    private const int MostAhead = 10_000;

    public async Task<Page<DeadLetterDetails>> ListDeadLetters(string application, string endpoint, bool withContent, PageRequest page)
    {
        if (!EntityId.TryParse(EntityId.Application, application, out var app) || !EntityId.TryParse(EntityId.Endpoint, endpoint, out var id))
        {
            return new Page<DeadLetterDetails>([], false);
        }

        var now = clock.GetUtcNow();
        var rows = await reads.ListDeadLettersAsync(app, id, withContent, page, CancellationToken.None);
        return new Page<DeadLetterDetails>([.. rows.Items.Select(r => new DeadLetterDetails(StoredMessages.ToDetails(r.Message, now), r.Reason, r.At))], rows.HasMore);
    }

    public async Task<DeadLetterCount> CountDeadLetters(string endpoint) => new(
        EntityId.TryParse(EntityId.Endpoint, endpoint, out var id) && await reads.FindApplicationAsync(id, CancellationToken.None) is { } application
            ? await reads.CountDeadLettersAsync(application, id, CancellationToken.None)
            : 0);

    public async Task<DeliveryExplanation?> Explain(EndpointDetails endpoint, string message)
    {
        if (!EntityId.TryParse(EntityId.Application, endpoint.ApplicationId, out var app)
            || !EntityId.TryParse(EntityId.Endpoint, endpoint.Id, out var id)
            || await reads.FindMessageAsync(app, message, withContent: endpoint.Filter is not null, CancellationToken.None) is not { } stored)
        {
            return null;
        }

        var refusal = new EndpointMatcher(endpoint).Refusal(stored.EventType, stored.Channels, stored.Payload);
        var explanation = new DeliveryExplanation
        {
            Standing = DeliveryStanding.Waiting,
            MatchesNow = refusal is null,
            Rule = refusal,
            Disabled = endpoint.Disabled,
            Paused = endpoint.Paused,
            Lane = endpoint.Ordering switch
            {
                OrderingMode.Strict => "endpoint",
                OrderingMode.Key => "key",
                _ => "message",
            },
        };
        if (stored.Seq == 0)
        {
            // It waits for its time; who receives it is decided then.
            return explanation with { NextAttemptAt = stored.DeliverAt };
        }

        if (await reads.ReadStateAsync(app, id, endpoint.Ordinal, stored.Seq, CancellationToken.None) is not { } state)
        {
            return null;
        }

        var health = state.Cursor.Health;
        var standing = Judge(state, stored.Seq);
        AheadCount? ahead = standing == DeliveryStanding.Waiting || (standing == DeliveryStanding.Behind && state.Parked?.Kind == ParkedKind.Behind)
            ? await reads.CountAheadAsync(
                app, id, endpoint.Ordinal, state.Cursor.Position, LaneKey.Of(endpoint.Ordering, stored.OrderingKey, stored.Seq), stored.Seq, MostAhead, CancellationToken.None)
            : null;
        return explanation with
        {
            Standing = standing,
            Rule = refusal ?? (state.IsRecipient ? null : "later"),
            Ahead = ahead?.Count,
            AheadIsExact = ahead?.IsExact ?? false,
            DisabledReason = health.DisabledReason,
            FailingSince = health.FailingSince,
            CircuitOpen = health.Step > 0,
            NextAttemptAt = endpoint.Holds || standing is DeliveryStanding.Delivered or DeliveryStanding.DeadLetter or DeliveryStanding.NotMatched
                ? null
                : Later(state.Parked?.Due, health.NextAttemptAt),
            Attempts = state.Attempts.Count,
            LastAttempt = state.Attempts.Count == 0 ? null : state.Attempts[^1],
            DeadReason = state.DeadReason,
        };
    }

    private static DeliveryStanding Judge(DeliveryState state, long seq)
    {
        if (state.Attempts.Any(static a => a.Status == AttemptStatus.Success))
        {
            return DeliveryStanding.Delivered;
        }

        if (state.DeadReason is not null)
        {
            return DeliveryStanding.DeadLetter;
        }

        if (state.Parked is { } parked)
        {
            return parked.Kind is ParkedKind.Behind or ParkedKind.RecoveryBehind ? DeliveryStanding.Behind : DeliveryStanding.Retrying;
        }

        return state.IsRecipient && seq > state.Cursor.Position ? DeliveryStanding.Waiting
            : state.IsRecipient ? DeliveryStanding.Delivered
            : DeliveryStanding.NotMatched;
    }

    private static DateTimeOffset? Later(DateTimeOffset? a, DateTimeOffset? b) => a is null || b > a ? b : a;
}
