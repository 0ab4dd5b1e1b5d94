namespace Webhooks.Faults.Histories;

/// <summary>All that is known of a run, from outside: what publishers, receivers and readers of the API saw.</summary>
/// <remarks>
/// Times are milliseconds since the run began, by the one monotonic clock of the harness: publishers, receivers and faults
/// live in one process, so that "before" means the same to all of them.
/// </remarks>
/// <param name="Endpoints">The endpoints of the run.</param>
/// <param name="Published">What publishers sent and were answered, one entry per event.</param>
/// <param name="Received">What receivers got and answered, in the order of arrival.</param>
/// <param name="Messages">Each application's log as the API lists it, the first message first.</param>
/// <param name="Attempts">Attempts as the API lists them.</param>
/// <param name="DeadLetters">Dead letters as the API lists them.</param>
/// <param name="Faults">What was done to the system, in the order of its beginning.</param>
internal sealed record History(
    IReadOnlyList<SubscribedEndpoint> Endpoints,
    IReadOnlyList<PublishedEvent> Published,
    IReadOnlyList<ReceivedRequest> Received,
    IReadOnlyList<ListedMessage> Messages,
    IReadOnlyList<ListedAttempt> Attempts,
    IReadOnlyList<ListedDeadLetter> DeadLetters,
    IReadOnlyList<InjectedFault> Faults);

/// <summary>What an endpoint promises.</summary>
internal enum OrderMode
{
    /// <summary>One lane for all its messages.</summary>
    Strict = 0,

    /// <summary>A lane per ordering key.</summary>
    Key = 1,

    /// <summary>No order.</summary>
    None = 2,
}

/// <summary>An endpoint of the run.</summary>
/// <param name="Id">Its id at the API.</param>
/// <param name="Application">The application's id.</param>
/// <param name="Order">Its order mode.</param>
/// <param name="EventTypes">The event types that it gets; all when empty.</param>
internal sealed record SubscribedEndpoint(string Id, string Application, OrderMode Order, IReadOnlyList<string> EventTypes);

/// <summary>What a publisher knows at the end of an event's requests.</summary>
internal enum PublishOutcome
{
    /// <summary>Answered 202.</summary>
    Accepted = 0,

    /// <summary>Every request was answered by an error that promises that nothing was kept.</summary>
    Refused = 1,

    /// <summary>At least one request may have been carried out, and none was answered 202: delivered or not, both are right.</summary>
    Unknown = 2,
}

/// <summary>An event and what came of it. Its number is in its payload, so that receivers can tell it whatever the publisher was told.</summary>
/// <param name="Number">Its number in the run, from 0, never used twice.</param>
/// <param name="OrderingKey">Its ordering key; null for none.</param>
/// <param name="MessageId">The id in the 202; null without one.</param>
/// <param name="SentAt">When its first request was sent.</param>
/// <param name="AnsweredAt">When its last request was answered or given up.</param>
/// <param name="Requests">Requests made, all with one idempotency key.</param>
internal sealed record PublishedEvent(
    int Number,
    string Application,
    string EventType,
    string? OrderingKey,
    PublishOutcome Outcome,
    string? MessageId,
    double SentAt,
    double AnsweredAt,
    int Requests);

/// <summary>A request as a receiver saw it.</summary>
/// <param name="Order">Its place among all requests of the run, from 0.</param>
/// <param name="Endpoint">The endpoint's id, from the path.</param>
/// <param name="MessageId">The header <c>webhook-id</c>.</param>
/// <param name="Number">The number in the payload; -1 when there is none.</param>
/// <param name="ArrivedAt">When its headers were read.</param>
/// <param name="AnsweredAt">When its answer was about to be written; null when there is none.</param>
/// <param name="Status">The status answered; 0 for none.</param>
/// <param name="Invalid">Why the signature or the request is wrong; null when it is right.</param>
internal sealed record ReceivedRequest(
    long Order,
    string Endpoint,
    string MessageId,
    int Number,
    double ArrivedAt,
    double? AnsweredAt,
    int Status,
    string? Invalid);

/// <summary>A message in an application's log.</summary>
internal sealed record ListedMessage(string Application, string MessageId, string EventType);

/// <summary>An attempt in the API's list.</summary>
/// <param name="AttemptId">Its id, unique.</param>
/// <param name="Status">The answer's status; 0 when there was none.</param>
internal sealed record ListedAttempt(string Endpoint, string MessageId, string AttemptId, int Status);

/// <summary>A dead letter in the API's list.</summary>
/// <param name="Reason">Why it was given up.</param>
internal sealed record ListedDeadLetter(string Endpoint, string MessageId, string Reason);

/// <summary>Something that was done to the system.</summary>
/// <param name="Number">Its number in the run, from 1.</param>
/// <param name="Kind">What kind of fault, in kebab case: <c>kill-silo</c>, <c>postgres-restart</c>.</param>
/// <param name="Detail">What exactly, for a reader.</param>
/// <param name="From">When it began.</param>
/// <param name="Until">When it was taken back or over; equal to <paramref name="From"/> for one that is over at once.</param>
/// <param name="LosesOutcomes">Whether attempts may have been made whose outcomes are lost, so that they are repeated.</param>
/// <param name="ToFlow">Milliseconds from the end of its harm until each endpoint had got something; null when that was not measured.</param>
/// <param name="ToNewFlow">The same until each endpoint had got an event that was published after that moment; null when it did not come to that in time.</param>
internal sealed record InjectedFault(
    int Number, string Kind, string Detail, double From, double Until, bool LosesOutcomes, double? ToFlow = null, double? ToNewFlow = null);
