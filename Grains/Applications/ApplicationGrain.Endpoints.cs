using System.Text.Json.Nodes;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Matching;
using Webhooks.Grains.Signing;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Applications;

/// <summary>Changes of an application's endpoints.</summary>
internal sealed partial class ApplicationGrain
{
    private const int ToldAtOnce = 64;

    public Task<Answer<EndpointDetails>> CreateEndpoint(ApplicationAddress address, EndpointChange values, string? id) => Exclusively<EndpointDetails>(address, async () =>
    {
        if (id is not null && await configuration.FindEndpointAsync(_id, id, CancellationToken.None) is { } made)
        {
            // The same call again, after an answer that was lost on its way.
            return made;
        }

        if (await RefuseUnknownTypesAsync(values) is { } refusal)
        {
            return refusal;
        }

        var now = Now();
        var blank = new EndpointDetails
        {
            Id = id ?? EntityId.Format(EntityId.Endpoint, TimeOrderedId.Create(now)),
            ApplicationId = this.GetPrimaryKeyString(),
            Ordinal = 0,
            Url = "",
            Secrets = [new EndpointSecret(values.Secret.Value ?? SigningKeys.Generate())],
            CreatedAt = now,
            UpdatedAt = now,
        };
        var written = await configuration.CreateEndpointAsync(_id, Apply(blank, values) with { UpdatedAt = now }, CancellationToken.None);
        if (written.Verdict != WriteVerdict.Written)
        {
            return written.Verdict == WriteVerdict.Taken ? Refusals.UidTaken : Refusals.NoApplication;
        }

        await RefreshRoutingAsync();
        Announce("endpoint.created", written.Endpoint!);
        return written.Endpoint!;
    });

    public Task<Answer<EndpointDetails>> UpdateEndpoint(ApplicationAddress address, string endpoint, EndpointChange change) => UpdateEndpointAsync(address, endpoint, change, null);

    public Task<Answer<EndpointDetails>> UpdateEndpoint(ApplicationAddress address, string endpoint, EndpointChange change, OperatorAct act) => UpdateEndpointAsync(address, endpoint, change, act);

    private Task<Answer<EndpointDetails>> UpdateEndpointAsync(ApplicationAddress address, string endpoint, EndpointChange change, OperatorAct? act) => Exclusively<EndpointDetails>(address, async () =>
    {
        if (await configuration.FindEndpointAsync(_id, endpoint, CancellationToken.None) is not { } old)
        {
            return Refusals.NotFound;
        }

        if (await RefuseUnknownTypesAsync(change) is { } refusal)
        {
            return refusal;
        }

        var changed = Apply(old, change);
        // An owner that cannot be reached must not go on sending to an endpoint that is disabled, or under another order.
        var fence = changed.Disabled != old.Disabled || changed.Ordering != old.Ordering || changed.MaxInFlight != old.MaxInFlight;
        var entry = act is null || changed.Disabled == old.Disabled ? null : Entry(act, old, changed.Disabled ? AuditActions.Disabled : AuditActions.Enabled, []);
        var written = await configuration.UpdateEndpointAsync(_id, changed, fence, entry, CancellationToken.None);
        if (written.Verdict != WriteVerdict.Written)
        {
            return written.Verdict == WriteVerdict.Taken ? Refusals.UidTaken : Refusals.NotFound;
        }

        await RefreshRoutingAsync();
        await ConfigureAsync(written.Endpoint!, written.Tail);
        if (change != new EndpointChange { Headers = change.Headers })
        {
            // Of headers alone nothing is told, as in the contract.
            Announce("endpoint.updated", written.Endpoint!);
        }

        return written.Endpoint!;
    });

    public Task<Answer<Done>> DeleteEndpoint(ApplicationAddress address, string endpoint) => Exclusively<Done>(address, async () =>
    {
        if (await configuration.FindEndpointAsync(_id, endpoint, CancellationToken.None) is not { } old)
        {
            return Refusals.NotFound;
        }

        await configuration.DeleteEndpointAsync(_id, Key(old.Id), Now(), CancellationToken.None);
        await RefreshRoutingAsync();
        Retire(old.Id, old.Ordinal);
        Announce("endpoint.deleted", old);
        return Done.Instance;
    });

    public Task<Answer<Done>> RotateSecret(ApplicationAddress address, string endpoint, string? key, int graceSeconds, Guid rotation) =>
        RotateSecretAsync(address, endpoint, key, graceSeconds, rotation, null);

    public Task<Answer<Done>> RotateSecret(ApplicationAddress address, string endpoint, string? key, int graceSeconds, OperatorAct act) =>
        RotateSecretAsync(address, endpoint, key, graceSeconds, act.Id, act);

    private Task<Answer<Done>> RotateSecretAsync(ApplicationAddress address, string endpoint, string? key, int graceSeconds, Guid rotation, OperatorAct? act) => Exclusively<Done>(address, async () =>
    {
        if (await configuration.FindEndpointAsync(_id, endpoint, CancellationToken.None) is not { } old)
        {
            return Refusals.NotFound;
        }

        if (old.Secrets[0].Rotation == rotation)
        {
            return Done.Instance;
        }

        if (SecretRotation.Rotate(old.Secrets, key ?? SigningKeys.Generate(), TimeSpan.FromSeconds(graceSeconds), Now(), rotation) is not { } secrets)
        {
            return Refusals.TooManySecrets;
        }

        var entry = act is null ? null : Entry(act, old, AuditActions.SecretRotated, new JsonObject { ["gracePeriodSeconds"] = graceSeconds });
        var written = await configuration.UpdateEndpointAsync(_id, old with { Secrets = secrets, UpdatedAt = Later(old.UpdatedAt) }, fence: false, entry, CancellationToken.None);
        if (written.Verdict != WriteVerdict.Written)
        {
            return Refusals.NotFound;
        }

        await RefreshRoutingAsync();
        await ConfigureAsync(written.Endpoint!, written.Tail);
        Announce("endpoint.updated", written.Endpoint!);
        return Done.Instance;
    });

    public async Task DisableEndpoint(string endpoint, string reason, DateTimeOffset failingSince)
    {
        await _changes.WaitAsync();
        try
        {
            if (_row is not { Deleted: false } || await configuration.FindEndpointAsync(_id, endpoint, CancellationToken.None) is not { Disabled: false } old)
            {
                return;
            }

            var written = await configuration.UpdateEndpointAsync(_id, old with { Disabled = true, UpdatedAt = Later(old.UpdatedAt) }, fence: true, CancellationToken.None);
            if (written.Verdict == WriteVerdict.Written)
            {
                Log.Disabled(logger, endpoint, reason, failingSince);
                await RefreshRoutingAsync();
                Announce("endpoint.disabled", written.Endpoint!, failingSince);
                await ConfigureAsync(written.Endpoint!, written.Tail);
            }
        }
        finally
        {
            _changes.Release();
        }
    }

    private static Guid Key(string endpoint) =>
        EntityId.TryParse(EntityId.Endpoint, endpoint, out var key)
            ? key
            : throw new InvalidOperationException("The store holds an endpoint whose id is not one: " + endpoint);

    private async Task<Refusal?> RefuseUnknownTypesAsync(EndpointChange change)
    {
        if (!change.EventTypes.IsSet || change.EventTypes.Value is not { } names)
        {
            return null;
        }

        // A pattern needs no type yet: it waits for those to come.
        names = [.. names.Where(static name => !EventTypePattern.IsPattern(name))];
        var unknown = await configuration.FindUnknownEventTypesAsync(_row!.Organization, names, CancellationToken.None);
        return unknown.Count == 0 ? null : Refusals.UnknownEventTypes(unknown);
    }

    private EndpointDetails Apply(EndpointDetails old, EndpointChange change) => old with
    {
        Uid = change.Uid.Over(old.Uid),
        Url = change.Url.Over(old.Url)!,
        Description = change.Description.Over(old.Description) ?? "",
        EventTypes = change.EventTypes.Over(old.EventTypes),
        Channels = change.Channels.Over(old.Channels),
        Headers = change.Headers.Over(old.Headers) ?? new Dictionary<string, string>(),
        Metadata = change.Metadata.Over(old.Metadata) ?? new Dictionary<string, string>(),
        ThrottleRate = change.ThrottleRate.Over(old.ThrottleRate),
        Disabled = change.Disabled.Over(old.Disabled),
        Version = change.Version.IsSet ? change.Version.Value : old.Version,
        Ordering = change.Ordering.Over(old.Ordering),
        MaxInFlight = change.MaxInFlight.Over(old.MaxInFlight),
        RetrySchedule = change.RetrySchedule.Over(old.RetrySchedule),
        Filter = change.Filter.Over(old.Filter),
        UpdatedAt = Later(old.UpdatedAt),
    };

    /// <summary>The routing as the store has it now; appends matched under the old one are refused there and matched again.</summary>
    private async Task RefreshRoutingAsync()
    {
        if (await log.ReadRoutingAsync(_id, CancellationToken.None) is { } snapshot)
        {
            _sequencer!.Reload(snapshot);
            Reroute(snapshot);
        }
    }

    private async Task ConfigureAsync(EndpointDetails endpoint, long tail)
    {
        try
        {
            await GrainFactory.GetGrain<IEndpointGrain>(endpoint.Id).Configure(endpoint);
        }
        catch (Exception error) when (error is TimeoutException or Orleans.Runtime.OrleansException or StoreUnavailableException)
        {
            // The change is stored; the endpoint finds it at its next start, or when its next outcome is refused.
            Log.NotTold(logger, error, endpoint.Id);
        }

        if (_outboxes.TryGetValue(endpoint.Ordinal, out var outbox))
        {
            if (endpoint.Holds)
            {
                outbox.Held = true;
            }
            else if (outbox.Held)
            {
                outbox.Release(tail);
            }
        }
    }

    /// <summary>Tells every endpoint the application's rate, some at a time.</summary>
    private async Task ThrottleAsync(int? rate)
    {
        foreach (var some in _outboxes.Values.Select(static o => o.EndpointKey).Chunk(ToldAtOnce))
        {
            await Task.WhenAll(some.Select(endpoint => ThrottleAsync(endpoint, rate)));
        }
    }

    private async Task ThrottleAsync(Guid endpoint, int? rate)
    {
        try
        {
            await GrainFactory.GetGrain<IEndpointGrain>(EntityId.Format(EntityId.Endpoint, endpoint)).Throttle(rate);
        }
        catch (Exception error) when (error is TimeoutException or Orleans.Runtime.OrleansException or StoreUnavailableException)
        {
            Log.NotThrottled(logger, error, EntityId.Format(EntityId.Endpoint, endpoint), rate);
        }
    }

    private void Retire(string endpoint, int ordinal)
    {
        if (_outboxes.Remove(ordinal, out var outbox))
        {
            outbox.Stop();
        }

        _ = RetireAsync(endpoint);
    }

    private async Task RetireAsync(string endpoint)
    {
        try
        {
            await GrainFactory.GetGrain<IEndpointGrain>(endpoint).Retire();
        }
        catch (Exception error) when (error is TimeoutException or Orleans.Runtime.OrleansException or StoreUnavailableException)
        {
            Log.NotTold(logger, error, endpoint);
        }
    }
}
