using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Webhooks.Grains.Hosting;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Interfaces.Messages;
using Webhooks.Grains.Operations;
using Webhooks.Grains.Sending;
using Webhooks.Grains.Storage;
using Webhooks.Grains.Telemetry;

namespace Webhooks.Grains.Applications;

/// <summary>The sequencer and router of one application, and the one way its configuration changes.</summary>
[Reentrant]
[GrainType("application")]
internal sealed partial class ApplicationGrain(
    IMessageLog log,
    IConfigurationStore configuration,
    AppendWriter writer,
    ICursorStore cursors,
    IDeliveryReads reads,
    IAuditLog audit,
    OperationalWebhooks operations,
    CursorLifter lifter,
    PublishBudget budget,
    LivingSilos silos,
    StoreClock clock,
    StoreState store,
    WebhookMetrics metrics,
    IOptions<DeliveryOptions> options,
    ILogger<ApplicationGrain> logger) : Grain, IApplicationGrain, IRemindable
{
    private readonly Dictionary<int, EndpointOutbox> _outboxes = [];
    private readonly SemaphoreSlim _changes = new(1);
    private Guid _id;
    private ApplicationRow? _row;
    private Sequencer? _sequencer;
    private long _lifted;
    private bool _released;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        CreateTimer();
        _reminder = new ReminderGauge(metrics, ReminderKind.Schedule);
        if (EntityId.TryParse(EntityId.Application, this.GetPrimaryKeyString(), out _id))
        {
            await LoadAsync(cancellationToken);
        }
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _reminder.Set(false);
        if (_sequencer is null)
        {
            return;
        }

        await _sequencer.DrainAsync().WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        var clean = _outboxes.Values.All(static o => o.IsIdle);
        foreach (var outbox in _outboxes.Values)
        {
            outbox.Stop();
        }

        _released = true;
        await log.ReleaseHeadAsync(_id, silos.Self, clean ? null : LivingSilos.Orphaned, cancellationToken);
        if (!clean)
        {
            // Somebody was not told of the last messages: another activation hints anew.
            GrainFactory.GetGrain<IRecoveryGrain>(0).Look().Ignore();
        }
    }

    public async Task<Answer<ApplicationDetails>> Create(string organization, ApplicationChange values)
    {
        await _changes.WaitAsync();
        try
        {
            return await CreateAsync(organization, values);
        }
        finally
        {
            _changes.Release();
        }
    }

    private async Task<Answer<ApplicationDetails>> CreateAsync(string organization, ApplicationChange values)
    {
        if (_row is not null)
        {
            // The same call again, after an answer that was lost on its way.
            return _row.Deleted || _row.Organization != organization ? Refusals.NotFound : _row.Details;
        }

        var now = Now();
        var details = new ApplicationDetails(
            this.GetPrimaryKeyString(),
            values.Uid.Value,
            values.Name.Value ?? "",
            values.ThrottleRate.Value,
            values.Metadata.Value ?? new Dictionary<string, string>(),
            now,
            now);
        var row = new ApplicationRow(_id, organization, false, details);
        if (await configuration.CreateApplicationAsync(row, CancellationToken.None) != WriteVerdict.Written)
        {
            DeactivateOnIdle();
            return Refusals.UidTaken;
        }

        await LoadAsync(CancellationToken.None);
        return details;
    }

    public Task<Answer<ApplicationDetails>> Update(ApplicationAddress address, ApplicationChange change) => Exclusively<ApplicationDetails>(address, async () =>
    {
        var old = _row!.Details;
        var details = old with
        {
            Uid = change.Uid.Over(old.Uid),
            Name = change.Name.Over(old.Name)!,
            ThrottleRate = change.ThrottleRate.Over(old.ThrottleRate),
            Metadata = change.Metadata.Over(old.Metadata) ?? new Dictionary<string, string>(),
            UpdatedAt = Later(old.UpdatedAt),
        };
        var row = _row with { Details = details };
        switch (await configuration.UpdateApplicationAsync(row, CancellationToken.None))
        {
            case WriteVerdict.Written:
                _row = row;
                if (details.ThrottleRate != old.ThrottleRate)
                {
                    await ThrottleAsync(details.ThrottleRate);
                }

                return details;
            case WriteVerdict.Taken:
                return Refusals.UidTaken;
            default:
                return Refusals.NoApplication;
        }
    });

    public Task<Answer<Done>> Delete(ApplicationAddress address) => Exclusively<Done>(address, async () =>
    {
        var snapshot = await log.ReadRoutingAsync(_id, CancellationToken.None);
        await configuration.DeleteApplicationAsync(_id, Now(), CancellationToken.None);
        _row = _row! with { Deleted = true };
        foreach (var endpoint in snapshot?.Endpoints ?? [])
        {
            Retire(endpoint.Details.Id, endpoint.Details.Ordinal);
        }

        DeactivateOnIdle();
        return Done.Instance;
    });

    public async Task Wake()
    {
        // Another activation may have written and ended before it had told anybody, while this one had nothing to write.
        if (_sequencer is not null && await log.ReadHeadAsync(_id, CancellationToken.None) is { Deleted: false } head && head.Tail > _sequencer.Tail)
        {
            OnOvertaken(head.Tail);
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        var snapshot = await log.TakeHeadAsync(_id, silos.Self, cancellationToken);
        if (snapshot is null)
        {
            return;
        }

        _row = snapshot.Application;
        _sequencer = new Sequencer(_id, silos.Self, log, writer, clock, store, options.Value.IdempotencyWindow, metrics, logger)
        {
            Committed = OnCommitted,
            Rerouted = Reroute,
            CommitsLost = OnCommitsLost,
            Overtaken = OnOvertaken,
        };
        _sequencer.Load(snapshot);
        if (!snapshot.Head.Deleted)
        {
            await HintAnewAsync(snapshot, cancellationToken);
            if (snapshot.ScheduledAt is { } due)
            {
                PlanSchedule(due);
            }
        }
    }

    /// <summary>Tells every endpoint with work to read on; what was published before this activation may have been told to nobody.</summary>
    private async Task HintAnewAsync(RoutingSnapshot snapshot, CancellationToken cancellationToken)
    {
        var tail = snapshot.Head.Tail;
        var beyond = snapshot.Endpoints.Max(static e => (long?)e.Position) ?? 0;
        if (beyond > tail)
        {
            // The log ends before a cursor: a failover lost commits. Nothing may be appended under such a cursor.
            var clamped = await log.ClampCursorsAsync(_id, tail, cancellationToken);
            Log.CursorsBeyondLog(logger, Name, tail, beyond, clamped);
        }

        var stretch = await StretchReader.ReadAsync(log, _id, snapshot, cancellationToken);
        foreach (var endpoint in snapshot.Endpoints)
        {
            var outbox = AddOutbox(endpoint.Details, tail);
            outbox.LastMatched = stretch.LastMatched(endpoint);
            if (outbox.LastMatched > endpoint.Position)
            {
                outbox.TellToRead(tail);
            }
        }

        _lifted = tail;
        Lift();
    }

    private EndpointOutbox AddOutbox(EndpointDetails endpoint, long covered)
    {
        var outbox = new EndpointOutbox(GrainFactory.GetGrain<IEndpointGrain>(endpoint.Id), Key(endpoint.Id), logger) { Held = endpoint.Holds };
        outbox.StartAt(covered);
        _outboxes[endpoint.Ordinal] = outbox;
        return outbox;
    }

    private void OnCommitted(IReadOnlyList<LogMessage> messages, IReadOnlyList<int[]> recipients, long after)
    {
        metrics.Accepted(messages.Count);
        var touched = new HashSet<EndpointOutbox>();
        for (var i = 0; i < messages.Count; i++)
        {
            foreach (var ordinal in recipients[i])
            {
                if (_outboxes.TryGetValue(ordinal, out var outbox))
                {
                    outbox.Add(messages[i]);
                    touched.Add(outbox);
                }
            }
        }

        var tail = after + messages.Count;
        foreach (var outbox in touched)
        {
            outbox.Cover(tail);
        }

        if (tail - _lifted >= CursorLifter.Every)
        {
            _lifted = tail;
            Lift();
        }

        if (_sequencer!.Superseded)
        {
            DeactivateOnIdle();
        }
    }

    /// <summary>Cursors of endpoints that nothing waits for follow the log, so that none has a long stretch to read.</summary>
    private void Lift() => lifter.Lift(_id, _outboxes.Values
        .Where(o => o.LastMatched < _lifted)
        .Select(o => new CursorLift(o.EndpointKey, o.LastMatched, _lifted)));

    private void Reroute(RoutingSnapshot snapshot)
    {
        foreach (var endpoint in snapshot.Endpoints)
        {
            if (!_outboxes.ContainsKey(endpoint.Details.Ordinal))
            {
                AddOutbox(endpoint.Details, endpoint.Position);
            }
        }
    }

    private void OnOvertaken(long tail)
    {
        foreach (var outbox in _outboxes.Values)
        {
            // What the other's entries name is not known here: the cursor must not be lifted over them.
            outbox.LastMatched = long.MaxValue;
            outbox.TellToRead(tail);
        }
    }

    private void OnCommitsLost()
    {
        foreach (var outbox in _outboxes.Values)
        {
            outbox.Stop();
            _ = outbox.RestartAsync();
        }

        DeactivateOnIdle();
    }

    private Refusal NoApplication()
    {
        if (_row is null)
        {
            // Nobody can say what ids are asked for: one that is nothing must not stay in memory.
            DeactivateOnIdle();
        }

        return Refusals.NoApplication;
    }

    private bool Answers(ApplicationAddress address) =>
        _row is { Deleted: false } row
        && row.Organization == address.Organization
        && (row.Details.Id == address.AddressedBy || row.Details.Uid == address.AddressedBy);

    private async Task<Answer<T>> Exclusively<T>(ApplicationAddress address, Func<Task<Answer<T>>> change)
        where T : class
    {
        await _changes.WaitAsync();
        try
        {
            return Answers(address) ? await change() : NoApplication();
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <summary>Its id as the API has it.</summary>
    private string Name => this.GetPrimaryKeyString();

    private DateTimeOffset Now() => clock.GetStorableNow();

    private DateTimeOffset Later(DateTimeOffset than)
    {
        var now = Now();
        return now > than ? now : than.AddMicroseconds(1);
    }

    private static partial class Log
    {
        [LoggerMessage(1022, LogLevel.Information, "Endpoint {Endpoint} could not be told of its new configuration; the store fences it")]
        public static partial void NotTold(ILogger logger, Exception error, string endpoint);

        [LoggerMessage(1026, LogLevel.Warning, "Endpoint {Endpoint} could not be told that its application's rate is {Rate}/s now; it learns of it at its next start")]
        public static partial void NotThrottled(ILogger logger, Exception error, string endpoint, int? rate);

        [LoggerMessage(1025, LogLevel.Warning, "{EventType} of application {Application} is not told to operators: too much waits to be told")]
        public static partial void NotAnnounced(ILogger logger, string eventType, string application);

        [LoggerMessage(1024, LogLevel.Warning, "Endpoint {Endpoint} was disabled ({Reason}); it has been failing since {Since}")]
        public static partial void Disabled(ILogger logger, string endpoint, string reason, DateTimeOffset since);

        [LoggerMessage(1023, LogLevel.Warning, "Scheduled messages of application {Application} could not be moved into the log; they are tried again")]
        public static partial void ScheduleWaits(ILogger logger, Exception error, string application);

        [LoggerMessage(1021, LogLevel.Critical, "The log of application {Application} ends at {Tail}, a cursor stands at {Cursor}: acknowledged messages are lost; {Cursors} cursors set back")]
        public static partial void CursorsBeyondLog(ILogger logger, string application, long tail, long cursor, int cursors);
    }
}
