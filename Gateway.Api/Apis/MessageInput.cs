using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Messages;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>Reads messages from bodies: in the contract's form and in our short one.</summary>
internal sealed class MessageInput(IOptions<ApiOptions> options, TimeProvider time)
{
    private const int MaxChannels = 5;
    private const int MaxTags = 5;
    private const int MaxOrderingKey = 256;
    private const int MinRetentionDays = 5;
    private const int MaxRetentionDays = 90;
    private const int HoursPerDay = 24;

    /// <summary>The contract's form. Broken rules gather in <paramref name="input"/>.</summary>
    public PublishMessage Read(Input input, Guid token, bool mayBeRepeat)
    {
        var payload = input.Required(input.OneOf("payload", "data"), (value, name) => value.ValueKind == JsonValueKind.Object
            ? JsonMarshal.GetRawUtf8Value(value).ToArray()
            : throw input.Undecodable(name, "An object is expected.")).Value!;
        var message = ReadCommon(input, "eventType", "eventId", payload) with
        {
            Token = token,
            MayBeRepeat = mayBeRepeat,
            DeliverAt = DeliverAt(input),
            PayloadHours = Retention(input),
        };
        return WithTransformation(input, message);
    }

    /// <summary>Our short form: receivers get <c>{"type","timestamp","data"}</c>, in that order.</summary>
    public PublishMessage ReadEvent(Input input, Guid token, bool mayBeRepeat)
    {
        var type = input.Required("type", input.Text).Value!;
        var given = input.Optional("timestamp", (v, n) => (string?)input.Text(v, n)).Value;
        if (given is not null && !QueryInput.TryReadTime(given, out _))
        {
            input.Refuse("Must be an ISO 8601 time with an offset.", "timestamp");
        }

        var timestamp = given ?? time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var data = input.Required("data", static (value, _) => JsonMarshal.GetRawUtf8Value(value).ToArray()).Value!;
        return ReadCommon(input, "type", "id", Envelope(type, timestamp, data)) with { Token = token, MayBeRepeat = mayBeRepeat };
    }

    private static PublishMessage ReadCommon(Input input, string typeField, string idField, byte[] payload)
    {
        var message = new PublishMessage
        {
            Token = default,
            MayBeRepeat = false,
            EventType = input.Required(typeField, input.Text).Value!,
            Payload = payload,
            EventId = input.Optional(idField, (v, n) => (string?)input.Text(v, n)).Value,
            Channels = input.Optional("channels", (v, n) => (IReadOnlyList<string>?)input.Texts(v, n)).Value,
            Tags = input.Optional("tags", (v, n) => (IReadOnlyList<string>?)input.Texts(v, n)).Value,
            OrderingKey = input.Optional("orderingKey", (v, n) => (string?)input.Text(v, n)).Value,
        };
        input.Name(message.EventType, typeField == "type" ? "type" : "event_type");
        input.Uid(message.EventId, EntityId.Message, idField == "id" ? "id" : "event_id");
        input.Names(message.Channels, "channels", MaxChannels);
        input.Names(message.Tags, "tags", MaxTags);
        input.Label(message.OrderingKey, "ordering_key");
        if (message.OrderingKey is { Length: > MaxOrderingKey })
        {
            input.Refuse($"Must not exceed {MaxOrderingKey} characters.", "ordering_key");
        }

        return message;
    }

    private DateTimeOffset? DeliverAt(Input input)
    {
        var at = input.Optional("deliverAt", (v, n) => (DateTimeOffset?)input.Time(v, n)).Value;
        if (at > time.GetUtcNow().AddDays(options.Value.MaxScheduleDays))
        {
            input.Refuse($"Must not lie more than {options.Value.MaxScheduleDays} days ahead.", "deliver_at");
        }

        return at;
    }

    private static int? Retention(Input input)
    {
        var days = input.Optional("payloadRetentionPeriod", (v, n) => (int?)input.Number(v, n)).Value;
        var hours = input.Optional("payloadRetentionHours", (v, n) => (int?)input.Number(v, n)).Value;
        if (days is < MinRetentionDays or > MaxRetentionDays)
        {
            input.Refuse($"Must be {MinRetentionDays} to {MaxRetentionDays} days.", "payload_retention_period");
        }

        if (hours is < 1 or > MaxRetentionDays * HoursPerDay)
        {
            input.Refuse($"Must be 1 to {MaxRetentionDays * HoursPerDay} hours.", "payload_retention_hours");
        }

        if (days is not null && hours is not null)
        {
            input.Refuse("Give the retention in days or in hours, not in both.", "payload_retention_hours");
        }

        return hours ?? (days * HoursPerDay);
    }

    /// <summary>A raw payload stands for the payload as it is; a content type may come with it.</summary>
    private static PublishMessage WithTransformation(Input input, PublishMessage message)
    {
        if (input.Object("transformationsParams") is not { } parameters)
        {
            return message;
        }

        if (parameters.Optional("rawPayload", (v, n) => (string?)parameters.Text(v, n)).Value is { } raw)
        {
            message = message with { Payload = Encoding.UTF8.GetBytes(raw) };
        }

        var headers = parameters.Optional("headers", (v, n) => (IReadOnlyDictionary<string, string>?)parameters.Map(v, n)).Value;
        var contentType = headers?.FirstOrDefault(static h => h.Key.Equals("content-type", StringComparison.OrdinalIgnoreCase)).Value;
        if (contentType is null)
        {
            return message;
        }

        if (contentType.Length is 0 or > MaxOrderingKey || contentType.Any(static c => c is < ' ' or > '~'))
        {
            parameters.Refuse("Not a content type.", "headers");
        }

        return message with { ContentType = contentType };
    }

    private static byte[] Envelope(string type, string timestamp, byte[] data)
    {
        var buffer = new ArrayBufferWriter<byte>(data.Length + 128);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteString("timestamp", timestamp);
            json.WritePropertyName("data");
            json.WriteRawValue(data, skipInputValidation: true);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
