using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Interfaces.EventTypes;
using Webhooks.Grains.Interfaces.Messages;

namespace Webhooks.Grains.Storage;

// Every member of these ports throws StoreUnavailableException when the store gives no answer (for a write: its outcome
// is unknown), and StoreContentException when it refuses an item for what the item contains.

/// <summary>The store refused a batch for its content (SQLSTATE classes 22, 23, 54). Nothing of the batch was written.</summary>
internal sealed class StoreContentException(string message, Exception inner) : Exception(message, inner);

/// <summary>The dense log of each application, behind its head row.</summary>
internal interface IMessageLog
{
    /// <summary>
    /// Appends for several applications (each at most once) in one commit; true where the head moved, in the order of
    /// <paramref name="batch"/>. A refused application changes nothing of the others.
    /// </summary>
    Task<IReadOnlyList<bool>> AppendAsync(IReadOnlyList<AppendRequest> batch, DateTimeOffset tokensSince, CancellationToken cancellationToken);

    /// <summary>
    /// Puts messages into the schedule under the same conditions; true when they are there. The head's routing version
    /// rises by one instead of its tail, so that an append that does not know of them is refused.
    /// </summary>
    Task<bool> ScheduleAsync(AppendRequest request, DateTimeOffset tokensSince, CancellationToken cancellationToken);

    /// <summary>The scheduled messages due at <paramref name="now"/>, earliest first, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<StoredMessage>> ReadDueAsync(Guid application, DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>Those of <paramref name="ids"/> that wait in the schedule.</summary>
    Task<IReadOnlyList<Guid>> FindScheduledAsync(Guid application, IReadOnlyList<Guid> ids, CancellationToken cancellationToken);

    /// <summary>Removes a message's payload, in the log or the schedule; false when there is no such message.</summary>
    Task<bool> ExpungePayloadAsync(Guid application, string idOrEventId, CancellationToken cancellationToken);

    /// <summary>Removes payloads whose time is over, at most <paramref name="limit"/>; returns how many.</summary>
    Task<int> RemoveExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>The head, or null when there is no such application.</summary>
    Task<HeadRow?> ReadHeadAsync(Guid application, CancellationToken cancellationToken);

    /// <summary>Makes <paramref name="owner"/> the head's owner and returns all that routing needs, from one snapshot; null when absent.</summary>
    Task<RoutingSnapshot?> TakeHeadAsync(Guid application, string owner, CancellationToken cancellationToken);

    /// <summary>The same reading without taking.</summary>
    Task<RoutingSnapshot?> ReadRoutingAsync(Guid application, CancellationToken cancellationToken);

    /// <summary>Sets the owner from <paramref name="owner"/> to <paramref name="successor"/> (null: nothing is left to do).</summary>
    Task ReleaseHeadAsync(Guid application, string owner, string? successor, CancellationToken cancellationToken);

    /// <summary>Messages of log and schedule with one of these tokens (accepted at <paramref name="tokensSince"/> or later) or event ids; those of the log without payloads.</summary>
    Task<IReadOnlyList<StoredMessage>> FindRepeatsAsync(Guid application, IReadOnlyList<Guid> tokens, IReadOnlyList<string> eventIds, DateTimeOffset tokensSince, CancellationToken cancellationToken);

    /// <summary>Seq and id of every message in <c>[from, to]</c>, by seq.</summary>
    Task<IReadOnlyList<(long Seq, Guid Id)>> ReadIdsAsync(Guid application, long from, long to, CancellationToken cancellationToken);

    /// <summary>
    /// The messages of the endpoint with this ordinal in <c>(after, upTo]</c>: the first ones, at most
    /// <paramref name="maxMessages"/> and <paramref name="maxBytes"/> of payload (but at least one), out of at most
    /// 4,096 entries scanned.
    /// </summary>
    Task<LogPage> ReadPageAsync(Guid application, int ordinal, long after, long upTo, int maxMessages, int maxBytes, CancellationToken cancellationToken);

    /// <summary>One message with its payload; null when the log has no such seq.</summary>
    Task<LogMessage?> ReadMessageAsync(Guid application, long seq, CancellationToken cancellationToken);

    /// <summary>Recipients of the entries in <c>(after, upTo]</c>, by seq, at most <paramref name="limit"/>; entries without recipients may be left out.</summary>
    Task<IReadOnlyList<RecipientsAt>> ReadRecipientsAsync(Guid application, long after, long upTo, int limit, CancellationToken cancellationToken);

    /// <summary>After a head was found below what had been acknowledged: no cursor stays above <paramref name="tail"/>; epochs of clamped ones rise. Returns how many.</summary>
    Task<int> ClampCursorsAsync(Guid application, long tail, CancellationToken cancellationToken);
}

/// <summary>Cursors, parked entries and outcomes of endpoints.</summary>
internal interface ICursorStore
{
    /// <summary>The cursor as it stands, without taking it.</summary>
    Task<CursorRow?> ReadCursorAsync(Guid endpoint, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the cursor if its epoch is still <paramref name="seenEpoch"/>: epoch+1, owner set, wake-up cleared; the row as
    /// it now is. Null when somebody else was faster. A statement of its own: parked rows are read after it.
    /// </summary>
    Task<CursorRow?> TakeCursorAsync(Guid endpoint, long seenEpoch, string owner, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The first row (smallest seq) that the queue has parked of each lane, at most <paramref name="limit"/> lanes, by seq.</summary>
    Task<IReadOnlyList<ParkedRow>> ReadLaneHeadsAsync(Guid endpoint, QueueKind queue, int limit, CancellationToken cancellationToken);

    /// <summary>The first row that the queue has parked of this lane; null when the lane is free.</summary>
    Task<ParkedRow?> ReadLaneHeadAsync(Guid endpoint, QueueKind queue, long lane, CancellationToken cancellationToken);

    /// <summary>Places after <paramref name="after"/> that were delivered or given up by themselves, the first ones, ascending.</summary>
    Task<IReadOnlyList<long>> ReadSettledAsync(Guid endpoint, long after, int limit, CancellationToken cancellationToken);

    /// <summary>Records batches of several endpoints (each at most once) in one commit; false where the epoch has moved on.</summary>
    Task<IReadOnlyList<bool>> RecordAsync(IReadOnlyList<OutcomeBatch> batch, CancellationToken cancellationToken);

    /// <summary>Seqs that wait to be sent again because somebody asked, the earliest first.</summary>
    Task<IReadOnlyList<long>> ReadResendsAsync(Guid endpoint, int limit, CancellationToken cancellationToken);

    /// <summary>Replaces the recorded answer of one attempt; false when there is no such attempt.</summary>
    Task<bool> ExpungeAttemptAsync(Guid application, string idOrEventId, Guid attempt, byte[] response, CancellationToken cancellationToken);

    /// <summary>Owner to null under the epoch, and when the endpoint has work to do. False when the epoch has moved on.</summary>
    Task<bool> ReleaseAsync(Guid endpoint, long epoch, DateTimeOffset? wakeAt, CancellationToken cancellationToken);

    /// <summary>Lifts idle cursors; positions only rise.</summary>
    Task LiftAsync(IReadOnlyList<CursorLift> lifts, CancellationToken cancellationToken);
}

/// <summary>Configuration: the source of truth for applications, endpoints and event types.</summary>
internal interface IConfigurationStore
{
    /// <summary>Writes the application and its head (tail 0, routing version 1). Taken when the uid is.</summary>
    Task<WriteVerdict> CreateApplicationAsync(ApplicationRow row, CancellationToken cancellationToken);

    Task<WriteVerdict> UpdateApplicationAsync(ApplicationRow row, CancellationToken cancellationToken);

    /// <summary>
    /// In one transaction: application and endpoints marked deleted, their uids free, head deleted and its routing
    /// version +1, cursors marked deleted with epoch+1.
    /// </summary>
    Task DeleteApplicationAsync(Guid application, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The living application with this id or uid in the organization.</summary>
    Task<ApplicationRow?> FindApplicationAsync(string organization, string idOrUid, CancellationToken cancellationToken);

    /// <summary>The living application with this id, whatever its organization.</summary>
    Task<ApplicationRow?> FindApplicationAsync(Guid application, CancellationToken cancellationToken);

    Task<Page<ApplicationRow>> ListApplicationsAsync(string organization, PageRequest page, CancellationToken cancellationToken);

    /// <summary>
    /// In one transaction: head's routing version +1 and its next ordinal (the ordinal of <paramref name="endpoint"/> is
    /// ignored), the endpoint, and its cursor at the head's tail, epoch 0.
    /// </summary>
    Task<EndpointWrite> CreateEndpointAsync(Guid application, EndpointDetails endpoint, CancellationToken cancellationToken);

    /// <summary>In one transaction: routing version +1, the endpoint, and, when <paramref name="fence"/>, its cursor's epoch+1.</summary>
    Task<EndpointWrite> UpdateEndpointAsync(Guid application, EndpointDetails endpoint, bool fence, CancellationToken cancellationToken) =>
        UpdateEndpointAsync(application, endpoint, fence, null, cancellationToken);

    /// <summary>The same, with what the audit log says of it (null: nothing) in the same transaction.</summary>
    Task<EndpointWrite> UpdateEndpointAsync(Guid application, EndpointDetails endpoint, bool fence, AuditRow? audit, CancellationToken cancellationToken);

    /// <summary>In one transaction: routing version +1, endpoint marked deleted with its uid free, cursor marked deleted with epoch+1.</summary>
    Task<EndpointWrite> DeleteEndpointAsync(Guid application, Guid endpoint, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The living endpoint with this id or uid.</summary>
    Task<EndpointDetails?> FindEndpointAsync(Guid application, string idOrUid, CancellationToken cancellationToken);

    /// <summary>The living endpoint with this id, whatever its application.</summary>
    Task<EndpointDetails?> FindEndpointAsync(Guid endpoint, CancellationToken cancellationToken);

    Task<Page<EndpointDetails>> ListEndpointsAsync(Guid application, PageRequest page, CancellationToken cancellationToken);

    /// <summary>Those of <paramref name="names"/> that do not exist in the organization or are archived.</summary>
    Task<IReadOnlyList<string>> FindUnknownEventTypesAsync(string organization, IReadOnlyList<string> names, CancellationToken cancellationToken);

    /// <summary>Inserts, or overwrites an archived type of the same name; Taken when a live one has it.</summary>
    Task<WriteVerdict> CreateEventTypeAsync(string organization, EventTypeDetails type, CancellationToken cancellationToken);

    /// <summary>Overwrites; Gone when there is no type of this name.</summary>
    Task<WriteVerdict> UpdateEventTypeAsync(string organization, EventTypeDetails type, CancellationToken cancellationToken);

    /// <summary>Archives, or with <paramref name="expunge"/> removes; Gone when there is none.</summary>
    Task<WriteVerdict> DeleteEventTypeAsync(string organization, string name, bool expunge, DateTimeOffset now, CancellationToken cancellationToken);

    Task<EventTypeDetails?> FindEventTypeAsync(string organization, string name, CancellationToken cancellationToken);

    Task<Page<EventTypeDetails>> ListEventTypesAsync(string organization, PageRequest page, bool includeArchived, CancellationToken cancellationToken);
}

/// <summary>Reads for the API.</summary>
internal interface IDeliveryReads
{
    Task<StoredMessage?> FindMessageAsync(Guid application, string idOrEventId, bool withContent, CancellationToken cancellationToken);

    /// <summary>By seq. The iterator is a message's text id.</summary>
    Task<Page<StoredMessage>> ListMessagesAsync(Guid application, MessageFilter filter, PageRequest page, CancellationToken cancellationToken);

    Task<AttemptDetails?> FindAttemptAsync(Guid application, string idOrEventId, Guid attempt, CancellationToken cancellationToken);

    /// <summary>By id. Channel and event types are the message's.</summary>
    Task<Page<AttemptDetails>> ListAttemptsByEndpointAsync(Guid application, Guid endpoint, AttemptFilter filter, PageRequest page, CancellationToken cancellationToken);

    Task<Page<AttemptDetails>> ListAttemptsByMessageAsync(Guid application, string idOrEventId, AttemptFilter filter, PageRequest page, CancellationToken cancellationToken);

    /// <summary>Messages with an attempt at the endpoint, by seq. The iterator is a message's text id.</summary>
    Task<Page<AttemptedMessage>> ListAttemptedMessagesAsync(Guid application, Guid endpoint, MessageFilter filter, AttemptedStatus? status, PageRequest page, CancellationToken cancellationToken);

    /// <summary>Endpoints (deleted ones too) with an attempt of the message, by id, each with its last attempt.</summary>
    Task<Page<AttemptedEndpoint>> ListAttemptedEndpointsAsync(Guid application, string idOrEventId, PageRequest page, CancellationToken cancellationToken);

    /// <summary>Messages that were given up at the endpoint, by seq, the newest first. The iterator is a message's text id.</summary>
    Task<Page<DeadLetter>> ListDeadLettersAsync(Guid application, Guid endpoint, bool withContent, PageRequest page, CancellationToken cancellationToken);

    /// <summary>The application of an endpoint; null when there is no such endpoint.</summary>
    Task<Guid?> FindApplicationAsync(Guid endpoint, CancellationToken cancellationToken);

    /// <summary>How many they are.</summary>
    Task<long> CountDeadLettersAsync(Guid application, Guid endpoint, CancellationToken cancellationToken);

    /// <summary>How the entry stands at the endpoint (with its ordinal); null when there is no such endpoint.</summary>
    Task<DeliveryState?> ReadStateAsync(Guid application, Guid endpoint, int ordinal, long seq, CancellationToken cancellationToken);

    /// <summary>
    /// How many messages of the endpoint (with its ordinal) are tried before this place in the log: those behind
    /// <paramref name="position"/> that no attempt has delivered yet, and those parked in its lane (not what recoveries park: that blocks nothing of the queue). At most
    /// <paramref name="limit"/> entries of the log and as many parked ones are looked at.
    /// </summary>
    Task<AheadCount> CountAheadAsync(Guid application, Guid endpoint, int ordinal, long position, long lane, long seq, int limit, CancellationToken cancellationToken);

    /// <summary>How many attempts at the endpoint, with ids in <c>[from, to)</c>, succeeded and failed.</summary>
    Task<AttemptCounts> CountAttemptsAsync(Guid endpoint, Guid from, Guid to, CancellationToken cancellationToken);

    /// <summary>The same for each stretch between two neighbours of <paramref name="bounds"/>, with durations of at most <paramref name="durations"/> attempts of each.</summary>
    Task<IReadOnlyList<AttemptStretch>> CountStretchesAsync(Guid endpoint, IReadOnlyList<Guid> bounds, int durations, CancellationToken cancellationToken);
}

/// <summary>First answers to calls that carried an idempotency key.</summary>
internal interface IAnswerStore
{
    /// <summary>
    /// The row of this token, made now (with <paramref name="reserved"/>) when there is none or its answer is older than
    /// <paramref name="notBefore"/>.
    /// </summary>
    Task<AnswerRow> ReserveAsync(Guid token, Guid reserved, DateTimeOffset now, DateTimeOffset notBefore, CancellationToken cancellationToken);

    /// <summary>Keeps the answer; a first one is never replaced.</summary>
    Task CompleteAsync(Guid token, int status, byte[] body, CancellationToken cancellationToken);

    /// <summary>Removes what was made before this, at most <paramref name="limit"/>; returns how many.</summary>
    Task<int> RemoveAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);
}

/// <summary>What recovery and the silo's own watch ask of the store.</summary>
internal interface IClusterStore
{
    /// <summary>What it is, for people.</summary>
    string Name { get; }

    /// <summary>
    /// Applications with a head owned by none of <paramref name="livingOwners"/> and some cursor below the tail; endpoints
    /// whose cursor is owned by none of them and lies below the tail or has a parked row due, or that were released with a
    /// wake-up due. Not deleted, not disabled, oldest due first, at most <paramref name="limit"/> of each.
    /// </summary>
    Task<OrphanedWork> FindOrphansAsync(IReadOnlyList<string> livingOwners, DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>Looks at the store's clock and at the silo's own row in the membership table, in one round trip.</summary>
    Task<StoreSight> LookAsync(string siloAddress, CancellationToken cancellationToken);
}

/// <summary>Brings the schema to this version's, under a lock against other processes.</summary>
internal interface ISchema
{
    Task MigrateAsync(CancellationToken cancellationToken);
}
