using Webhooks.Grains.Interfaces.Messages;

namespace Webhooks.Grains.Interfaces.Deliveries;

/// <summary>Reads of attempts. A stateless worker: key 0. Ids are text ids.</summary>
[Alias("webhooks.IDeliveryQueries")]
public interface IDeliveryQueries : IGrainWithIntegerKey
{
    /// <summary>One attempt of a message.</summary>
    [Alias("Find")]
    Task<AttemptDetails?> Find(string application, string message, string attempt);

    /// <summary>A page of an endpoint's attempts, by id.</summary>
    [Alias("ListByEndpoint")]
    Task<Page<AttemptDetails>> ListByEndpoint(string application, string endpoint, AttemptFilter filter, PageRequest page);

    /// <summary>A page of a message's attempts, by id.</summary>
    [Alias("ListByMessage")]
    Task<Page<AttemptDetails>> ListByMessage(string application, string message, AttemptFilter filter, PageRequest page);

    /// <summary>A page of the messages that were tried at an endpoint, by place in the log.</summary>
    [Alias("ListMessages")]
    Task<Page<AttemptedMessageDetails>> ListMessages(string application, string endpoint, MessageFilter filter, AttemptedStatus? status, PageRequest page);

    /// <summary>A page of the endpoints that a message was tried at, by id.</summary>
    [Alias("ListEndpoints")]
    Task<Page<AttemptedEndpointDetails>> ListEndpoints(string application, string message, PageRequest page);

    /// <summary>A page of the messages that were given up at an endpoint, by place in the log.</summary>
    [Alias("ListDeadLetters")]
    Task<Page<DeadLetterDetails>> ListDeadLetters(string application, string endpoint, bool withContent, PageRequest page);

    /// <summary>How many messages were given up at an endpoint.</summary>
    [Alias("CountDeadLetters")]
    Task<DeadLetterCount> CountDeadLetters(string endpoint);

    /// <summary>Why a message was, or was not, delivered to an endpoint; null when there is no such message.</summary>
    [Alias("Explain")]
    Task<DeliveryExplanation?> Explain(Endpoints.EndpointDetails endpoint, string message);

    /// <summary>A page of the organization's tasks in the background, by id; all statuses and kinds where none is given.</summary>
    [Alias("ListTasks")]
    Task<Page<RecoverProgress>> ListTasks(string organization, RecoverStatus? status, RecoverKind? kind, PageRequest page);

    /// <summary>Attempts at an endpoint that started in <c>[since, until)</c>, counted.</summary>
    [Alias("Count")]
    Task<AttemptStatistics> Count(string endpoint, DateTimeOffset since, DateTimeOffset until);

    /// <summary>The same in <paramref name="count"/> stretches of <paramref name="width"/> from <paramref name="since"/> on, at most a hundred.</summary>
    [Alias("CountSeries")]
    Task<AttemptSeries> CountSeries(string endpoint, DateTimeOffset since, TimeSpan width, int count);
}
