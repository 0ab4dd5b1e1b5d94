using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Interfaces.Messages;

namespace Webhooks.Grains.Interfaces.Applications;

/// <summary>
/// An application: the only sequencer of its message log, the router of its messages, and the one place
/// through which its configuration changes. Keyed by the application's text id.
/// </summary>
/// <remarks>
/// Every call may throw <see cref="StoreUnavailableException"/>; repeated with the same arguments it is safe.
/// </remarks>
[Alias("webhooks.IApplicationGrain")]
public interface IApplicationGrain : IGrainWithStringKey
{
    /// <summary>Creates the application. Conflict when the uid is taken.</summary>
    [Alias("Create")]
    Task<Answer<ApplicationDetails>> Create(string organization, ApplicationChange values);

    /// <summary>Changes the fields that are set. Conflict when the uid is taken.</summary>
    [Alias("Update")]
    Task<Answer<ApplicationDetails>> Update(ApplicationAddress address, ApplicationChange change);

    /// <summary>Deletes the application with its endpoints; its uid is free at once, what waits is never sent.</summary>
    [Alias("Delete")]
    Task<Answer<Done>> Delete(ApplicationAddress address);

    /// <summary>
    /// Appends a message to the log and answers after the commit. The same token twice is one message and two
    /// equal answers. Conflict when the event id is taken, Overloaded when too much waits for the store.
    /// </summary>
    [Alias("Publish")]
    Task<Answer<MessageDetails>> Publish(ApplicationAddress address, PublishMessage message);

    /// <summary>
    /// Appends several messages in their order and in one commit, and answers after it, one answer per message: Conflict
    /// where an event id is taken, in the log or by an earlier one of the same call. Scheduled messages are refused.
    /// </summary>
    [Alias("PublishBatch")]
    Task<Answer<BatchAnswers>> PublishBatch(ApplicationAddress address, IReadOnlyList<PublishMessage> messages);

    /// <summary>Whether any endpoint that is neither disabled nor paused would receive a message of this type with these channels.</summary>
    [Alias("WouldDeliver")]
    Task<Answer<DeliveryForecast>> WouldDeliver(ApplicationAddress address, string eventType, IReadOnlyList<string>? channels);

    /// <summary>Removes the payload of the message with this id or event id, for good.</summary>
    [Alias("ExpungeMessage")]
    Task<Answer<Done>> ExpungeMessage(ApplicationAddress address, string message);

    /// <summary>Removes what the receiver answered to an attempt, for good.</summary>
    [Alias("ExpungeAttempt")]
    Task<Answer<Done>> ExpungeAttempt(ApplicationAddress address, string message, string attempt);

    /// <summary>
    /// Creates an endpoint; it receives every message whose publish begins after the answer. With an
    /// <paramref name="id"/> that the caller keeps in its repeats, the same call twice is one endpoint.
    /// </summary>
    [Alias("CreateEndpoint")]
    Task<Answer<EndpointDetails>> CreateEndpoint(ApplicationAddress address, EndpointChange values, string? id);

    /// <summary>Changes the fields that are set, of the endpoint with this id or uid.</summary>
    [Alias("UpdateEndpoint")]
    Task<Answer<EndpointDetails>> UpdateEndpoint(ApplicationAddress address, string endpoint, EndpointChange change);

    /// <summary>The same; whether it is disabled or enabled by that is written into the audit log.</summary>
    [Alias("UpdateEndpointBy")]
    Task<Answer<EndpointDetails>> UpdateEndpoint(ApplicationAddress address, string endpoint, EndpointChange change, OperatorAct act);

    /// <summary>Deletes an endpoint; what waits for it is never sent, its past attempts stay.</summary>
    [Alias("DeleteEndpoint")]
    Task<Answer<Done>> DeleteEndpoint(ApplicationAddress address, string endpoint);

    /// <summary>
    /// Makes <paramref name="key"/> (null: a new one) the key that signs for the endpoint. The one before it signs beside
    /// it for <paramref name="graceSeconds"/>, 0 to 604,800. Refused with <c>limit_reached</c> when ten older keys still sign.
    /// The same <paramref name="rotation"/> twice is one rotation.
    /// </summary>
    [Alias("RotateSecret")]
    Task<Answer<Done>> RotateSecret(ApplicationAddress address, string endpoint, string? key, int graceSeconds, Guid rotation);

    /// <summary>The same, written into the audit log; the act's id is the rotation's.</summary>
    [Alias("RotateSecretBy")]
    Task<Answer<Done>> RotateSecret(ApplicationAddress address, string endpoint, string? key, int graceSeconds, OperatorAct act);

    /// <summary>Lets the endpoint's queue wait until it is resumed. Once paused, it stays so.</summary>
    [Alias("PauseEndpoint")]
    Task<Answer<EndpointDetails>> PauseEndpoint(ApplicationAddress address, string endpoint, OperatorAct act);

    /// <summary>
    /// Lets the queue flow, whether the endpoint was paused or disabled; with <paramref name="fromNow"/> what waits is given
    /// up first.
    /// </summary>
    [Alias("ResumeEndpoint"), ResponseTimeout("00:01:00")]
    Task<Answer<EndpointDetails>> ResumeEndpoint(ApplicationAddress address, string endpoint, bool fromNow, OperatorAct act);

    /// <summary>
    /// Gives up the message at the head of the queue, or, when an id or event id is given, that one wherever it waits.
    /// NotFound when nothing waits, or not that one. With a message the same call twice is the same as once.
    /// </summary>
    [Alias("SkipHead")]
    Task<Answer<GivenUp>> SkipHead(ApplicationAddress address, string endpoint, string? message, OperatorAct act);

    /// <summary>Gives up everything that waits. Whether the endpoint is paused does not change.</summary>
    [Alias("Purge"), ResponseTimeout("00:01:00")]
    Task<Answer<GivenUp>> Purge(ApplicationAddress address, string endpoint, OperatorAct act);

    /// <summary>
    /// Disables an endpoint (text id) because of how it fares, asked by its own grain. Its queue waits.
    /// </summary>
    [Alias("DisableEndpoint")]
    Task DisableEndpoint(string endpoint, string reason, DateTimeOffset failingSince);

    /// <summary>Tells the operators who want to know, some time soon.</summary>
    [Alias("AnnounceAttempt")]
    Task AnnounceAttempt(AttemptAnnouncement announcement);

    /// <summary>Activates the grain, so that it hints anew whatever waits in its log.</summary>
    [Alias("Wake")]
    Task Wake();
}
