using System.Text.Json;
using Microsoft.Extensions.Options;
using Webhooks.Gateway.Api.Authentication;
using Webhooks.Gateway.Api.Cluster;
using Webhooks.Gateway.Api.Http;
using Webhooks.Gateway.Api.Idempotency;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Messages;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>Many messages in one call and one commit, their order kept, with an answer for each.</summary>
internal static class MessageBatch
{
    public static async Task<IResult> CreateAsync(
        HttpContext http, string app, BodyReader bodies, MessageInput inputs, Applications applications, IOptions<ApiOptions> options)
    {
        var withContent = QueryInput.Flag(http.Request, "with_content", true);
        MessagesApi.CheckAddress(app);
        using var body = await bodies.ReadAsync(http.Request, options.Value.MaxBatchBytes);
        var input = new Input(body.RootElement, patch: false);
        var (batch, mayBeRepeat) = MessagesApi.Token(http);
        var messages = input.Required("messages", (value, name) => Read(input, value, name, inputs, batch, mayBeRepeat, options.Value.MaxBatchMessages)).Value!;
        input.Check();

        var answers = (await applications.CallAsync(
            http.Caller(),
            app,
            repeatable: true,
            (grain, address, repeat) => grain.PublishBatch(address, repeat ? [.. messages.Select(static m => m with { MayBeRepeat = true })] : messages))).OrThrow();
        return new JsonBody(202, json => Write(json, messages, answers.Items, withContent));
    }

    private static List<PublishMessage> Read(Input input, JsonElement value, string name, MessageInput inputs, Guid batch, bool mayBeRepeat, int limit)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            throw input.Undecodable(name, "A list is expected.");
        }

        var count = value.GetArrayLength();
        if (count == 0 || count > limit)
        {
            input.Refuse($"Must hold 1 to {limit} messages.", name);
            return [];
        }

        var messages = new List<PublishMessage>(count);
        foreach (var (index, item) in value.EnumerateArray().Index())
        {
            var fields = input.Item(item, $"{name}[{index}]");
            var message = inputs.Read(fields, IdempotencyKey.OfItem(batch, index), mayBeRepeat);
            if (message.DeliverAt is not null)
            {
                // A batch is one commit of the log; what waits for its time is in another place.
                fields.Refuse("A batch is sent at once.", "deliver_at");
            }

            messages.Add(message);
        }

        return messages;
    }

    private static void Write(Utf8JsonWriter json, List<PublishMessage> messages, IReadOnlyList<Answer<MessageDetails>> answers, bool withContent)
    {
        json.WriteStartObject();
        json.WriteStartArray("data");
        foreach (var (index, answer) in answers.Index())
        {
            json.WriteStartObject();
            if (answer.Value is { } details)
            {
                json.WriteNumber("status", 202);
                json.WritePropertyName("message");
                MessageJson.Write(json, MessagesApi.WithPayload(details, messages[index]), withContent);
            }
            else
            {
                var refusal = answer.Refusal!;
                json.WriteNumber("status", refusal.Kind == RefusalKind.Conflict ? 409 : 422);
                json.WriteStartObject("error");
                json.WriteString("code", refusal.Code);
                json.WriteString("detail", refusal.Detail);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
