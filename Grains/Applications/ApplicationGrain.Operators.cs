using System.Text.Json.Nodes;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Applications;

/// <summary>
/// What operators do to an endpoint's queue, and its entries in the audit log. A change of the configuration and its entry
/// are one transaction; what the endpoint's grain did is written down after it, before the answer.
/// </summary>
internal sealed partial class ApplicationGrain
{
    private readonly BegunActs _begun = new();

    public Task<Answer<EndpointDetails>> PauseEndpoint(ApplicationAddress address, string endpoint, OperatorAct act) => Exclusively<EndpointDetails>(address, async () =>
    {
        if (await configuration.FindEndpointAsync(_id, endpoint, CancellationToken.None) is not { } old)
        {
            return Refusals.NotFound;
        }

        var isNew = !old.Paused && await audit.FindAsync(act.Id, CancellationToken.None) is null;
        return await WriteAsync(isNew ? old with { Paused = true } : old, isNew ? Entry(act, old, AuditActions.Paused, []) : null);
    });

    public Task<Answer<EndpointDetails>> ResumeEndpoint(ApplicationAddress address, string endpoint, bool fromNow, OperatorAct act) => Exclusively<EndpointDetails>(address, async () =>
    {
        if (await configuration.FindEndpointAsync(_id, endpoint, CancellationToken.None) is not { } old)
        {
            return Refusals.NotFound;
        }

        var isNew = (old.Holds || fromNow) && await audit.FindAsync(act.Id, CancellationToken.None) is null;
        var details = new JsonObject { ["from"] = fromNow ? "now" : "queue" };
        if (isNew && fromNow)
        {
            var given = await GiveUpAsync(old, "from_now", act);
            if (given.Value is not { } reached)
            {
                return given.Refusal!;
            }

            details["upTo"] = reached.UpTo;
        }

        var answer = await WriteAsync(isNew ? old with { Paused = false, Disabled = false } : old, isNew ? Entry(act, old, AuditActions.Resumed, details) : null);
        _begun.Forget(act.Id);
        return answer;
    });

    public Task<Answer<GivenUp>> SkipHead(ApplicationAddress address, string endpoint, string? message, OperatorAct act) => Exclusively<GivenUp>(address, async () =>
    {
        if (await configuration.FindEndpointAsync(_id, endpoint, CancellationToken.None) is not { } found)
        {
            return Refusals.NotFound;
        }

        if (await audit.FindAsync(act.Id, CancellationToken.None) is { } done)
        {
            return Reached(done);
        }

        if (_begun.Find(act.Id) is not { } reached)
        {
            var answer = await GrainFactory.GetGrain<IEndpointGrain>(found.Id).Skip(message);
            if ((answer.Value ?? await FindSkippedAsync(found, message)) is not { } skipped)
            {
                return answer.Refusal!;
            }

            reached = skipped;
            _begun.Remember(act.Id, reached);
        }

        return await WriteDownAsync(act, found, AuditActions.HeadSkipped, reached);
    });

    public Task<Answer<GivenUp>> Purge(ApplicationAddress address, string endpoint, OperatorAct act) => Exclusively<GivenUp>(address, async () =>
    {
        if (await configuration.FindEndpointAsync(_id, endpoint, CancellationToken.None) is not { } found)
        {
            return Refusals.NotFound;
        }

        if (await audit.FindAsync(act.Id, CancellationToken.None) is { } done)
        {
            return Reached(done);
        }

        var answer = await GiveUpAsync(found, "purged", act);
        return answer.Value is { } reached ? await WriteDownAsync(act, found, AuditActions.Purged, reached) : answer;
    });

    /// <summary>Everything up to the end that the log had when the act began.</summary>
    private async Task<Answer<GivenUp>> GiveUpAsync(EndpointDetails endpoint, string reason, OperatorAct act)
    {
        if (_begun.Find(act.Id) is not { } begun)
        {
            if (await log.ReadHeadAsync(_id, CancellationToken.None) is not { Deleted: false } head)
            {
                return Refusals.NoApplication;
            }

            begun = new GivenUp(head.Tail, null, InFlight: false);
            _begun.Remember(act.Id, begun);
        }

        return await GrainFactory.GetGrain<IEndpointGrain>(endpoint.Id).GiveUp(begun.UpTo, reason);
    }

    /// <summary>The message, when it does not wait because it has been skipped already.</summary>
    private async Task<GivenUp?> FindSkippedAsync(EndpointDetails endpoint, string? message) =>
        message is not null
        && await reads.FindMessageAsync(_id, message, withContent: false, CancellationToken.None) is { Seq: > 0 } stored
        && await reads.ReadStateAsync(_id, Key(endpoint.Id), endpoint.Ordinal, stored.Seq, CancellationToken.None) is { DeadReason: "skipped" }
            ? new GivenUp(stored.Seq, EntityId.Format(EntityId.Message, stored.Id), InFlight: false)
            : null;

    /// <summary>
    /// Written also when nothing changes (no entry): the call before this one may have been cut off between its commit and
    /// telling the endpoint.
    /// </summary>
    private async Task<Answer<EndpointDetails>> WriteAsync(EndpointDetails endpoint, AuditRow? entry)
    {
        var changed = entry is null ? endpoint : endpoint with { UpdatedAt = Later(endpoint.UpdatedAt) };
        var written = await configuration.UpdateEndpointAsync(_id, changed, fence: entry is not null, entry, CancellationToken.None);
        if (written.Verdict != WriteVerdict.Written)
        {
            return Refusals.NotFound;
        }

        await RefreshRoutingAsync();
        await ConfigureAsync(changed, written.Tail);
        if (entry is not null)
        {
            Announce("endpoint.updated", changed);
        }

        return changed;
    }

    private async Task<Answer<GivenUp>> WriteDownAsync(OperatorAct act, EndpointDetails endpoint, string action, GivenUp reached)
    {
        var details = new JsonObject { ["upTo"] = reached.UpTo, ["inFlight"] = reached.InFlight };
        if (reached.MessageId is { } message)
        {
            details["message"] = message;
        }

        await audit.AppendAsync(Entry(act, endpoint, action, details), CancellationToken.None);
        _begun.Forget(act.Id);
        return reached;
    }

    private AuditRow Entry(OperatorAct act, EndpointDetails endpoint, string action, JsonObject details) =>
        new(act.Id, _row!.Organization, _id, Key(endpoint.Id), Now(), act.Actor, act.ActorName, action, act.Note, details.ToJsonString());

    private static GivenUp Reached(AuditRow done)
    {
        var details = JsonNode.Parse(done.Details)!;
        return new GivenUp((long)details["upTo"]!, (string?)details["message"], (bool)details["inFlight"]!);
    }
}
