using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Messages;
using Webhooks.Grains.Storage;

namespace Webhooks.Storage.Tests.Lists;

/// <summary>Every list and count that the API answers, as it asks the store for it.</summary>
internal static class ListQueries
{
    private const int Limit = 50;

    private static readonly PageRequest Newest = new(Limit, Descending: true);

    public static IReadOnlyDictionary<string, Func<StoreSet, LargeWorld, Task<int>>> All { get; } = new Dictionary<string, Func<StoreSet, LargeWorld, Task<int>>>
    {
        ["applications"] = async (s, w) => (await s.Configuration.ListApplicationsAsync(w.Organization, new PageRequest(Limit), default)).Items.Count,
        ["applications, descending"] = async (s, w) => (await s.Configuration.ListApplicationsAsync(w.Organization, Newest, default)).Items.Count,
        ["endpoints"] = async (s, w) => (await s.Configuration.ListEndpointsAsync(w.Application, Newest, default)).Items.Count,
        ["event types"] = async (s, w) => (await s.Configuration.ListEventTypesAsync(w.Organization, new PageRequest(Limit), false, default)).Items.Count,
        ["event types, archived too, from the middle"] = async (s, w) =>
            (await s.Configuration.ListEventTypesAsync(w.Organization, new PageRequest(Limit, "type.150"), true, default)).Items.Count,
        ["messages"] = Messages(new MessageFilter(), Newest),
        ["messages, from the middle"] = (s, w) => Messages(new MessageFilter(), Newest with { Iterator = w.Message })(s, w),
        ["messages, back from the middle"] = (s, w) => Messages(new MessageFilter(), Newest with { Iterator = w.Message, Backwards = true })(s, w),
        ["messages, before a time"] = Messages(new MessageFilter(Before: LargeWorld.Middle), Newest),
        ["messages, after a time"] = Messages(new MessageFilter(After: LargeWorld.Middle), Newest),
        ["messages, of a channel"] = Messages(new MessageFilter(Channel: "c3"), Newest),
        ["messages, with a tag, of types"] = Messages(new MessageFilter(Tag: "t3", EventTypes: ["type.3", "type.4"]), Newest),
        ["attempts of an endpoint"] = ByEndpoint(new AttemptFilter(), Newest),
        ["attempts of an endpoint, delivered"] = ByEndpoint(new AttemptFilter(Status: 0), Newest),
        ["attempts of an endpoint, failed"] = ByEndpoint(new AttemptFilter(Status: 2), Newest),
        ["attempts of an endpoint, by code"] = ByEndpoint(new AttemptFilter(StatusCodeClass: 500), Newest),
        ["attempts of an endpoint, within a time"] = ByEndpoint(new AttemptFilter(Before: LargeWorld.Middle, After: LargeWorld.Middle.AddHours(-1)), Newest),
        ["attempts of an endpoint, after a time"] = ByEndpoint(new AttemptFilter(After: LargeWorld.Middle), Newest),
        ["attempts of an endpoint, of a channel"] = ByEndpoint(new AttemptFilter(Channel: "c3"), Newest),
        ["attempts of an endpoint, of types"] = ByEndpoint(new AttemptFilter(EventTypes: ["type.3"]), Newest),
        ["attempts of a message"] = ByMessage(new AttemptFilter()),
        ["attempts of a message, failed"] = ByMessage(new AttemptFilter(Status: 2)),
        ["messages of an endpoint"] = Attempted(null, Newest),
        ["messages of an endpoint, from the middle"] = (s, w) => Attempted(null, Newest with { Iterator = w.Message })(s, w),
        ["messages of an endpoint, delivered"] = Attempted(AttemptedStatus.Success, Newest),
        ["messages of an endpoint, failed"] = Attempted(AttemptedStatus.Fail, Newest),
        ["messages of an endpoint, on their way"] = Attempted(AttemptedStatus.Sending, Newest),
        ["dead letters of an endpoint"] = async (s, w) => (await s.Reads.ListDeadLettersAsync(w.Application, w.Endpoint, true, Newest, default)).Items.Count,
        ["how a message stands at an endpoint"] = async (s, w) => (await s.Reads.ReadStateAsync(w.Application, w.Endpoint, 1, LargeWorld.Messages / 2, default))!.Attempts.Count,
        // The cursor some way behind, and the first of its lane parked, as with an endpoint that is down.
        ["what is ahead of a message at an endpoint"] = async (s, w) =>
            (int)(await s.Reads.CountAheadAsync(w.Application, w.Endpoint, 1, (LargeWorld.Messages / 2) - 2_000, 1, LargeWorld.Messages / 2, 10_000, default)).Count,
        ["endpoints of a message"] = async (s, w) => (await s.Reads.ListAttemptedEndpointsAsync(w.Application, w.Message, new PageRequest(Limit), default)).Items.Count,
        ["what a recovery of failures sends"] = Candidates(RecoverKind.Failed),
        ["what a recovery of dead letters sends"] = Candidates(RecoverKind.DeadLetters),
        ["what a bulk replay sends"] = Candidates(RecoverKind.Bulk),
        ["what a bulk replay of a class of codes sends"] = Candidates(RecoverKind.Bulk, new RecoverFilter(StatusCodeClass: 200)),
        ["tasks in the background"] = async (s, w) => (await s.Recoveries.ListAsync(w.Organization, RecoverStatus.Running, null, Newest, default)).Items.Count,
        ["audit log of an application"] = async (s, w) => (await s.Audit.ListAsync(w.Application, null, Newest, default)).Items.Count,
        ["audit log of an endpoint"] = async (s, w) => (await s.Audit.ListAsync(w.Application, w.Endpoint, Newest, default)).Items.Count,
        ["audit log, one act"] = async (s, w) => (await s.Audit.FindAsync(w.Act, default)) is null ? 0 : 1,
    };

    /// <summary>Counts touch every entry they count, in the index alone.</summary>
    public static Func<StoreSet, LargeWorld, Task<int>> Statistics { get; } =
        async (s, w) => (int)(await s.Reads.CountAttemptsAsync(w.Endpoint, Guid.Empty, Guid.AllBitsSet, default)).Succeeded;

    public static RecoverTask Task(LargeWorld w, RecoverKind kind, RecoverFilter? filter = null) => new(
        w.Organization,
        kind,
        EntityId.Format(EntityId.Application, w.Application),
        EntityId.Format(EntityId.Endpoint, w.Endpoint),
        LargeWorld.Middle.AddDays(-1),
        LargeWorld.Middle.AddDays(1),
        filter);

    private static Func<StoreSet, LargeWorld, Task<int>> Candidates(RecoverKind kind, RecoverFilter? filter = null) => async (s, w) =>
    {
        var row = new RecoveryRow(Guid.Empty, Task(w, kind, filter), 0, LargeWorld.Messages, 0, RecoverStatus.Running, 0, 0, LargeWorld.Middle.AddDays(1), LargeWorld.Middle);
        return (await s.Recoveries.ReadCandidatesAsync(row, w.Application, 1, (LargeWorld.Messages / 2) - 1000, Limit, default)).Candidates.Count;
    };

    private static Func<StoreSet, LargeWorld, Task<int>> Messages(MessageFilter filter, PageRequest page) =>
        async (s, w) => (await s.Reads.ListMessagesAsync(w.Application, filter, page, default)).Items.Count;

    private static Func<StoreSet, LargeWorld, Task<int>> ByEndpoint(AttemptFilter filter, PageRequest page) =>
        async (s, w) => (await s.Reads.ListAttemptsByEndpointAsync(w.Application, w.Endpoint, filter, page, default)).Items.Count;

    private static Func<StoreSet, LargeWorld, Task<int>> ByMessage(AttemptFilter filter) =>
        async (s, w) => 1 + (await s.Reads.ListAttemptsByMessageAsync(w.Application, w.Message, filter, Newest, default)).Items.Count;

    private static Func<StoreSet, LargeWorld, Task<int>> Attempted(AttemptedStatus? status, PageRequest page) =>
        async (s, w) => (await s.Reads.ListAttemptedMessagesAsync(w.Application, w.Endpoint, new MessageFilter(), status, page, default)).Items.Count;
}
