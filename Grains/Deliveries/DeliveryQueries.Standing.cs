using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Matching;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Deliveries;

/// <summary>Dead letters, and why a message was not delivered.</summary>
internal sealed partial class DeliveryQueries
{
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
            || await reads.FindMessageAsync(app, message, withContent: false, CancellationToken.None) is not { } stored)
        {
            return null;
        }

        var matches = new EndpointMatcher(endpoint).Matches(stored.EventType, stored.Channels);
        if (stored.Seq == 0)
        {
            // It waits for its time; who receives it is decided then.
            return new DeliveryExplanation { Standing = DeliveryStanding.Waiting, MatchesNow = matches, Disabled = endpoint.Disabled, NextAttemptAt = stored.DeliverAt };
        }

        if (await reads.ReadStateAsync(app, id, endpoint.Ordinal, stored.Seq, CancellationToken.None) is not { } state)
        {
            return null;
        }

        var health = state.Cursor.Health;
        var standing = Judge(state, stored.Seq);
        return new DeliveryExplanation
        {
            Standing = standing,
            MatchesNow = matches,
            Ahead = standing == DeliveryStanding.Waiting ? stored.Seq - state.Cursor.Position - 1 : null,
            Disabled = endpoint.Disabled,
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
