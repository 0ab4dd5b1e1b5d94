using Microsoft.Extensions.Logging;
using Webhooks.Grains.Hosting;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Interfaces.Messages;
using Webhooks.Grains.Matching;
using Webhooks.Grains.Storage;
using Webhooks.Grains.Telemetry;

namespace Webhooks.Grains.Applications;

/// <summary>
/// Gives an application's messages their numbers: everything that arrived while the previous commit was in flight is
/// written together, one commit in flight. A commit of unknown outcome is settled before anything else is written.
/// Runs in its grain's turns; not thread-safe.
/// </summary>
internal sealed partial class Sequencer(
    Guid application,
    string owner,
    IMessageLog log,
    AppendWriter writer,
    StoreClock clock,
    StoreState store,
    TimeSpan tokenWindow,
    WebhookMetrics metrics,
    ILogger logger)
{
    private const int BatchMessages = 256;
    private const long BatchBytes = 4 * 1024 * 1024;

    /// <summary>A publish that could not be written for this long is known not to be in the log, and is refused.</summary>
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(10);

    private readonly LinkedList<PendingPublish> _pending = new();
    private readonly Dictionary<Guid, PendingPublish> _byToken = [];
    private RoutingIndex _routing = null!;
    private long _routingVersion;
    private DateTimeOffset _lastAcceptedAt;
    private bool _deleted;
    private bool _hasScheduled;
    private Dictionary<string, int>? _ordinals;
    private RoutingSnapshot _snapshot = null!;
    private bool _running;
    private Task _loop = Task.CompletedTask;

    /// <summary>The log's last seq as far as this sequencer knows.</summary>
    public long Tail { get; private set; }

    /// <summary>Whether another activation has written to the log: this one is no longer the only one.</summary>
    public bool Superseded { get; private set; }

    /// <summary>Called in a turn after each commit, with what was written, by seq.</summary>
    public required Action<IReadOnlyList<LogMessage>, IReadOnlyList<int[]>, long> Committed { get; init; }

    /// <summary>Called in a turn when acknowledged messages were found missing, after the cursors were set back.</summary>
    public required Action CommitsLost { get; init; }

    /// <summary>
    /// Called in a turn when another activation was found to have written to the log, with the log's end: what it wrote was
    /// told to endpoints by it, or by nobody.
    /// </summary>
    public required Action<long> Overtaken { get; init; }

    /// <summary>Called in a turn when the routing was read anew.</summary>
    public required Action<RoutingSnapshot> Rerouted { get; init; }

    /// <summary>Whether nothing waits.</summary>
    public bool IsIdle => !_running && _pending.Count == 0;

    /// <summary>Starts from, or goes on with, a snapshot of the store.</summary>
    public void Load(RoutingSnapshot snapshot)
    {
        _routing = RoutingIndex.Of(snapshot.Endpoints.Select(static e => e.Details));
        _snapshot = snapshot;
        _ordinals = null;
        _routingVersion = snapshot.Head.RoutingVersion;
        // Never unlearned: an empty schedule costs one look, a forgotten one a message sent twice.
        _hasScheduled |= snapshot.ScheduledAt is not null;
        _deleted = snapshot.Head.Deleted;
        Tail = snapshot.Head.Tail;
    }

    /// <summary>Takes a newer routing; the tail moves by this sequencer's own commits alone.</summary>
    public void Reload(RoutingSnapshot snapshot)
    {
        if (snapshot.Head.RoutingVersion > _routingVersion)
        {
            var tail = Tail;
            Load(snapshot);
            Tail = tail;
        }
    }

    /// <summary>The answer, after the commit. A repeat joins the publish in flight.</summary>
    public Task<Answer<MessageDetails>> PublishAsync(PublishMessage message)
    {
        if (_byToken.TryGetValue(message.Token, out var earlier))
        {
            return earlier.Answer;
        }

        var kind = message.DeliverAt > clock.GetUtcNow() ? PublishKind.Schedule : PublishKind.Append;
        var pending = new PendingPublish(message, clock.GetTimestamp()) { Kind = kind, TraceParent = Tracing.Capture() };
        Enqueue(pending);
        Run();
        return pending.Answer;
    }

    /// <summary>The answers, after one commit of them all, in their order.</summary>
    public async Task<IReadOnlyList<Answer<MessageDetails>>> PublishTogetherAsync(IReadOnlyList<PublishMessage> messages)
    {
        var answers = new Task<Answer<MessageDetails>>[messages.Count];
        var group = new List<PendingPublish>(messages.Count);
        var eventIds = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < answers.Length; i++)
        {
            var message = messages[i];
            if (_byToken.TryGetValue(message.Token, out var earlier))
            {
                answers[i] = earlier.Answer;
            }
            else if (message.EventId is not null && !eventIds.Add(message.EventId))
            {
                answers[i] = Task.FromResult<Answer<MessageDetails>>(Refusals.EventIdTaken);
            }
            else
            {
                var pending = new PendingPublish(message, clock.GetTimestamp()) { Group = group, TraceParent = Tracing.Capture() };
                group.Add(pending);
                Enqueue(pending);
                answers[i] = pending.Answer;
            }
        }

        Run();
        return await Task.WhenAll(answers);
    }

    /// <summary>Moves a scheduled message whose time has come into the log.</summary>
    public Task<Answer<MessageDetails>> PublishScheduledAsync(StoredMessage due)
    {
        if (_byToken.TryGetValue(due.Token, out var earlier))
        {
            return earlier.Answer;
        }

        var message = new PublishMessage
        {
            Token = due.Token,
            MayBeRepeat = false,
            EventType = due.EventType,
            EventId = due.EventId,
            Channels = due.Channels,
            Tags = due.Tags,
            OrderingKey = due.OrderingKey,
            ContentType = due.ContentType,
            DeliverAt = due.DeliverAt,
            Payload = due.Payload ?? [],
        };
        var pending = new PendingPublish(message, clock.GetTimestamp()) { Scheduled = due, Id = due.Id };
        Enqueue(pending);
        Run();
        return pending.Answer;
    }

    /// <summary>Whether any endpoint that is neither disabled nor paused would receive such a message, if its payload passes the filters.</summary>
    public bool WouldDeliver(string eventType, IReadOnlyList<string>? channels)
    {
        var recipients = _routing.MatchAnyPayload(eventType, channels).ToHashSet();
        return _snapshot.Endpoints.Any(e => !e.Details.Holds && recipients.Contains(e.Details.Ordinal));
    }

    /// <summary>Ends when nothing is in flight any more.</summary>
    public Task DrainAsync() => _loop;

    private void Enqueue(PendingPublish pending)
    {
        _byToken.Add(pending.Message.Token, pending);
        _pending.AddLast(pending);
    }

    private void Run()
    {
        if (!_running && _pending.Count > 0)
        {
            _running = true;
            using var apart = Tracing.StepOut();
            _loop = RunAsync();
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (_pending.Count > 0)
            {
                var batch = TakeBatch();
                await CommitAsync(batch);
                foreach (var done in batch)
                {
                    _byToken.Remove(done.Message.Token);
                }
            }
        }
        finally
        {
            _running = false;
        }
    }

    private List<PendingPublish> TakeBatch()
    {
        var batch = new List<PendingPublish>();
        HashSet<string>? eventIds = null;
        long bytes = 0;
        for (var node = _pending.First; node is not null && batch.Count < BatchMessages;)
        {
            var pending = node.Value;
            if (batch.Count > 0 && pending.Kind != batch[0].Kind)
            {
                break;
            }

            if (pending.Group is { } group)
            {
                // What belongs together lies together, and nothing else goes with it.
                if (batch.Count > 0)
                {
                    break;
                }

                foreach (var member in group)
                {
                    _pending.Remove(member);
                }

                return [.. group];
            }

            var next = node.Next;
            if (batch.Count > 0 && bytes + pending.Message.Payload.Length > BatchBytes)
            {
                break;
            }

            // The second of two equal event ids waits for the fate of the first.
            if (pending.Message.EventId is null || (eventIds ??= new(StringComparer.Ordinal)).Add(pending.Message.EventId))
            {
                bytes += pending.Message.Payload.Length;
                batch.Add(pending);
                _pending.Remove(node);
            }

            node = next;
        }

        return batch;
    }

    private async Task CommitAsync(List<PendingPublish> batch)
    {
        var remaining = batch;
        try
        {
            while (remaining.Count > 0)
            {
                if (_deleted)
                {
                    remaining.ForEach(static p => p.Refuse(Refusals.NoApplication));
                    return;
                }

                var tail = Tail;
                var request = Number(remaining, tail);
                bool? moved;
                var kind = remaining[0].Kind;
                try
                {
                    moved = kind == PublishKind.Append ? await writer.AppendAsync(request) : await writer.ScheduleAsync(request);
                }
                catch (StoreContentException) when (remaining.Count > 1)
                {
                    var half = remaining.Count / 2;
                    await CommitAsync(remaining[..half]);
                    await CommitAsync(remaining[half..]);
                    return;
                }
                catch (StoreContentException error)
                {
                    Log.Unstorable(logger, error, EntityId.Format(EntityId.Message, remaining[0].Id), Name);
                    remaining[0].Refuse(Refusals.Unstorable);
                    return;
                }
                catch (StoreUnavailableException error)
                {
                    Log.UnknownCommit(logger, error, Name, tail, remaining.Count);
                    moved = await SettleAsync(remaining, () => kind == PublishKind.Append ? IsAppendedAsync(remaining, tail) : IsScheduledAsync(remaining));
                }

                if (moved == true)
                {
                    if (kind == PublishKind.Append)
                    {
                        Accept(remaining, tail);
                    }
                    else
                    {
                        // The very version that the commit left; another writer's would be refused at the next append.
                        _routingVersion = Math.Max(_routingVersion, request.RoutingVersion + 1);
                        _hasScheduled = true;
                        remaining.ForEach(static p => p.Accept(p.ToDetails()));
                    }

                    return;
                }

                remaining = await LearnAsync(remaining, refused: moved == false);
                // Whoever was answered 503 meanwhile is not surprised by it later: what is not in the log stays out of it.
                remaining = remaining.FindAll(static p => !p.IsAnswered);
            }
        }
        catch (Exception error)
        {
            // Whatever is still unanswered has not been acknowledged; its callers repeat it with the same token.
            foreach (var pending in remaining)
            {
                pending.Fail(error as StoreUnavailableException ?? new StoreUnavailableException("The message could not be stored.", error));
            }
        }
    }

    private AppendRequest Number(List<PendingPublish> batch, long tail)
    {
        var now = clock.GetStorableNow();
        if (now > _lastAcceptedAt)
        {
            _lastAcceptedAt = now;
        }

        var messages = new NewMessage[batch.Count];
        for (var i = 0; i < messages.Length; i++)
        {
            var pending = batch[i];
            if (pending.Id == default)
            {
                pending.Id = TimeOrderedId.Create(_lastAcceptedAt);
            }

            pending.AcceptedAt = _lastAcceptedAt;
            pending.Recipients = Match(pending.Message);
            messages[i] = pending.ToNewMessage();
        }

        return new AppendRequest(application, tail, _routingVersion, owner, messages, _hasScheduled);
    }

    private int[] Match(PublishMessage message)
    {
        var recipients = _routing.Match(message.EventType, message.Channels, message.Payload);
        if (message.OnlyEndpoint is null)
        {
            return recipients;
        }

        _ordinals ??= _snapshot.Endpoints.ToDictionary(static e => e.Details.Id, static e => e.Details.Ordinal, StringComparer.Ordinal);
        return _ordinals.TryGetValue(message.OnlyEndpoint, out var only) && recipients.Contains(only) ? [only] : [];
    }

    private void Accept(List<PendingPublish> batch, long tail)
    {
        var messages = new LogMessage[batch.Count];
        var recipients = new int[batch.Count][];
        for (var i = 0; i < messages.Length; i++)
        {
            var pending = batch[i];
            var m = pending.Message;
            var payload = pending.Scheduled is null ? m.Payload : pending.Scheduled.Payload;
            messages[i] = new LogMessage(tail + i + 1, pending.Id, m.EventType, pending.AcceptedAt, m.OrderingKey, payload, m.ContentType, pending.TraceParent);
            recipients[i] = pending.Recipients;
        }

        Tail = tail + batch.Count;
        Committed(messages, recipients, tail);
        foreach (var pending in batch)
        {
            if (pending.Scheduled is null)
            {
                metrics.Published(clock.GetElapsedTime(pending.Enqueued));
            }

            pending.Accept(pending.ToDetails());
        }
    }

    /// <summary>The application's id as the API has it.</summary>
    private string Name => EntityId.Format(EntityId.Application, application);

    private static partial class Log
    {
        [LoggerMessage(1001, LogLevel.Warning, "The store refused message {Message} of application {Application} for its content")]
        public static partial void Unstorable(ILogger logger, Exception error, string message, string application);

        [LoggerMessage(1002, LogLevel.Warning, "Outcome unknown: append of {Count} messages to application {Application} after {Tail}")]
        public static partial void UnknownCommit(ILogger logger, Exception error, string application, long tail, int count);

        [LoggerMessage(1003, LogLevel.Critical, "The store has lost acknowledged messages of application {Application}: its log ends at {Found}, {Acknowledged} were acknowledged; {Cursors} cursors set back")]
        public static partial void CommitsLost(ILogger logger, string application, long acknowledged, long found, int cursors);
    }
}
