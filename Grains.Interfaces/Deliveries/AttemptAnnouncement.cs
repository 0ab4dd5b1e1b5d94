namespace Webhooks.Grains.Interfaces.Deliveries;

/// <summary>What is worth telling the operator about a message at an endpoint.</summary>
public enum AttemptNews
{
    /// <summary>The fourth attempt failed, and a further one is planned.</summary>
    Failing = 0,

    /// <summary>The last attempt failed.</summary>
    Exhausted = 1,

    /// <summary>The fifth attempt, or a later one, succeeded.</summary>
    Recovered = 2,
}

/// <summary>News of a message at an endpoint.</summary>
/// <param name="News">What happened.</param>
/// <param name="EndpointId">Text id of the endpoint.</param>
/// <param name="MessageId">Text id of the message.</param>
/// <param name="AttemptId">Text id of the attempt that made it so.</param>
/// <param name="StatusCode">Its status code; 0 when there was no HTTP answer.</param>
/// <param name="StartedAt">When it started.</param>
[GenerateSerializer, Immutable, Alias("webhooks.AttemptAnnouncement")]
public sealed record AttemptAnnouncement(
    [property: Id(0)] AttemptNews News,
    [property: Id(1)] string EndpointId,
    [property: Id(2)] string MessageId,
    [property: Id(3)] string AttemptId,
    [property: Id(4)] int StatusCode,
    [property: Id(5)] DateTimeOffset StartedAt);
