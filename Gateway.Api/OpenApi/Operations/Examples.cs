using System.Text.Encodings.Web;
using System.Text.Json;

namespace Webhooks.Gateway.Api.OpenApi.Operations;

/// <summary>Answers that several operations show.</summary>
internal static class Examples
{
    public const string Application = """
        {
          "id": "app_032aNH1Bp9VjI2sBqkk6s8", "uid": "acme", "name": "Acme", "throttleRate": null,
          "metadata": {"plan": "gold"}, "createdAt": "2026-03-01T12:00:00.000000Z", "updatedAt": "2026-03-01T12:00:00.000000Z"
        }
        """;

    public const string Endpoint = """
        {
          "id": "ep_032aNIXWd3eTj8EhD5VWk8", "url": "https://crm.example.com/webhooks", "description": "Leads for the CRM", "uid": "crm",
          "disabled": false, "paused": false, "eventTypes": ["lead.captured"], "filterTypes": ["lead.captured"], "channels": null,
          "throttleRate": null, "rateLimit": null, "version": 1, "metadata": {},
          "ordering": "strict", "maxInFlight": null, "retrySchedule": null, "filter": null,
          "createdAt": "2026-03-01T12:01:00.000000Z", "updatedAt": "2026-03-01T12:01:00.000000Z"
        }
        """;

    public const string Message = """
        {
          "id": "msg_032aNK3rR4BsWB8Xmb1E52", "eventId": "order-1017-paid", "eventType": "sale.completed", "channels": null,
          "payload": {"order": 1017, "total": 12.50}, "timestamp": "2026-03-01T12:02:00.000000Z"
        }
        """;

    public const string EmptyMessage = """
        {
          "id": "msg_032aNK3rR4BsWB8Xmb1E52", "eventId": null, "eventType": "lead.captured", "channels": null,
          "payload": {}, "timestamp": "2026-03-01T12:02:00.000000Z"
        }
        """;

    public const string DeadLetter = """
        {
          "id": "msg_032aNK3rR4BsWB8Xmb1E52", "eventId": "order-1017-paid", "eventType": "sale.completed", "channels": null,
          "payload": {"order": 1017, "total": 12.50}, "timestamp": "2026-03-01T12:02:00.000000Z",
          "reason": "exhausted", "deadAt": "2026-03-02T15:40:00.000000Z"
        }
        """;

    public const string EndpointMessage = """
        {
          "id": "msg_032aNK3rR4BsWB8Xmb1E52", "eventId": "order-1017-paid", "eventType": "sale.completed", "channels": null,
          "payload": {"order": 1017, "total": 12.50}, "timestamp": "2026-03-01T12:02:00.000000Z",
          "status": 3, "statusText": "sending", "nextAttempt": "2026-03-01T12:07:05.000000Z"
        }
        """;

    public const string MessageEndpoint = """
        {
          "id": "ep_032aNIXWd3eTj8EhD5VWk8", "url": "https://crm.example.com/webhooks", "description": "Leads for the CRM", "uid": "crm",
          "disabled": false, "paused": false, "eventTypes": null, "filterTypes": null, "channels": null, "throttleRate": null, "rateLimit": null, "version": 1,
          "createdAt": "2026-03-01T12:01:00.000000Z", "updatedAt": "2026-03-01T12:01:00.000000Z",
          "status": 0, "statusText": "success", "nextAttempt": null
        }
        """;

    public const string Attempt = """
        {
          "id": "atmpt_032aNK3sPcMxdD5Uk3tZbM", "msgId": "msg_032aNK3rR4BsWB8Xmb1E52", "endpointId": "ep_032aNIXWd3eTj8EhD5VWk8",
          "url": "https://crm.example.com/webhooks", "response": "thanks", "responseStatusCode": 200, "responseDurationMs": 38,
          "status": 0, "statusText": "success", "triggerType": 0, "timestamp": "2026-03-01T12:02:00.010000Z"
        }
        """;

    public const string EventType = """
        {
          "name": "lead.captured", "description": "Somebody left an address.", "archived": false, "deprecated": false,
          "schemas": {"1": {"type": "object", "properties": {"email": {"type": "string"}}, "examples": [{"email": "ada@example.com"}]}},
          "featureFlag": null, "createdAt": "2026-03-01T11:00:00.000000Z", "updatedAt": "2026-03-01T11:00:00.000000Z"
        }
        """;

    public const string ListedEventType = """
        {
          "name": "lead.captured", "description": "Somebody left an address.", "archived": false, "deprecated": false, "schemas": null,
          "featureFlag": null, "createdAt": "2026-03-01T11:00:00.000000Z", "updatedAt": "2026-03-01T11:00:00.000000Z"
        }
        """;

    public const string Health = """{"database": {"status": "ok"}, "queue": {"status": "ok"}, "cache": {"status": "ok"}}""";

    public const string Live = """{"status": "ok", "checks": [{"name": "background", "status": "ok", "detail": "Work in the background runs."}]}""";

    public const string NotLive = """
        {
          "status": "error", "code": "unavailable", "detail": "Nothing has run in the background for 31 s. Restart the process.",
          "checks": [{"name": "background", "status": "error", "detail": "Nothing has run in the background for 31 s. Restart the process."}]
        }
        """;

    public const string Ready = """{"status": "ok", "checks": [{"name": "calls", "status": "ok", "detail": "Silos answer, and the store answers them."}]}""";

    public const string NotReady = """
        {
          "status": "error", "code": "unavailable", "detail": "The store does not answer; the same call may be repeated.",
          "checks": [{"name": "calls", "status": "error", "detail": "The store does not answer; the same call may be repeated."}]
        }
        """;

    /// <summary>How examples are spelled: text stays as it is.</summary>
    public static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The last page of a list, with one item.</summary>
    public static string Page(string item, string iterator) =>
        $$"""{"data": [{{item}}], "iterator": "{{iterator}}", "prevIterator": "-{{iterator}}", "done": true}""";
}
