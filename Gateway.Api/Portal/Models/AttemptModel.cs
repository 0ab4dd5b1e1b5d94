namespace Webhooks.Gateway.Api.Portal.Models;

/// <summary>An attempt as the API shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="MsgId">Of which message.</param>
/// <param name="EndpointId">At which endpoint.</param>
/// <param name="Url">The URL as it was used.</param>
/// <param name="Response">The answer's body, or the error in words.</param>
/// <param name="ResponseStatusCode">The answer's status; 0 without one.</param>
/// <param name="ResponseDurationMs">How long it took.</param>
/// <param name="Status">0 success, 2 failure.</param>
/// <param name="TriggerType">0 by itself, 1 because somebody asked.</param>
/// <param name="Timestamp">When it started.</param>
public sealed record AttemptModel(
    string Id, string MsgId, string EndpointId, string Url, string Response, int ResponseStatusCode, long ResponseDurationMs, int Status, int TriggerType, DateTimeOffset Timestamp);
