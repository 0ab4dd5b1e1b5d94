using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Webhooks.Gateway.Api.Authentication;
using Webhooks.Gateway.Api.Cluster;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Interfaces.Messages;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>Messages: publish (in the contract's form and in our short one), read, list.</summary>
internal static class MessagesApi
{
    private const int MaxChannels = 5;
    private const int MaxOrderingKey = 256;
    private const int MinRetentionDays = 5;
    private const int MaxRetentionDays = 90;

    public static void MapMessages(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/app/{app}").WithTags("Message");
        group.MapPost("/msg", CreateAsync).ForOrganizations();
        group.MapPost("/event", CreateEventAsync).ForOrganizations();
        group.MapGet("/msg", ListAsync);
        group.MapGet("/msg/{message}", GetAsync);
    }

    private static async Task<IResult> CreateAsync(HttpContext http, string app, BodyReader bodies, Applications applications, GrainCalls calls, TimeProvider time)
    {
        var withContent = QueryInput.Flag(http.Request, "with_content", true);
        if (!Rules.IsName(app))
        {
            throw new InputException(new InputFault(["path", "app_id_or_uid", "__all__"], "Not an application's id or uid.", InputFault.Rule));
        }

        using var body = await bodies.ReadAsync(http.Request);
        var input = new Input(body.RootElement, patch: false);
        var raw = input.Required(input.OneOf("payload", "data"), (value, name) => value.ValueKind == JsonValueKind.Object
            ? JsonMarshal.GetRawUtf8Value(value).ToArray()
            : throw input.Undecodable(name, "An object is expected."));
        var message = Read(input, "eventType", "eventId", raw.Value!, http);
        if (input.Optional("payloadRetentionPeriod", (v, n) => (int?)input.Number(v, n)).Value is < MinRetentionDays or > MaxRetentionDays)
        {
            input.Refuse($"Must be {MinRetentionDays} to {MaxRetentionDays} days.", "payload_retention_period");
        }

        message = WithTransformation(input, message);
        var create = input.Object("application") is { } application ? ApplicationsApi.Read(application) : null;
        input.Check();
        return await PublishAsync(http, app, message, create, withContent, applications, calls, time);
    }

    /// <summary>Our short form: receivers get <c>{"type","timestamp","data"}</c>, in that order.</summary>
    private static async Task<IResult> CreateEventAsync(HttpContext http, string app, BodyReader bodies, Applications applications, GrainCalls calls, TimeProvider time)
    {
        using var body = await bodies.ReadAsync(http.Request);
        var input = new Input(body.RootElement, patch: false);
        var type = input.Required("type", input.Text).Value!;
        var given = input.Optional("timestamp", (v, n) => (string?)input.Text(v, n)).Value;
        if (given is not null && !QueryInput.TryReadTime(given, out _))
        {
            input.Refuse("Must be an ISO 8601 time with an offset.", "timestamp");
        }

        var timestamp = given ?? time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var data = input.Required("data", static (value, _) => JsonMarshal.GetRawUtf8Value(value).ToArray()).Value!;
        var message = Read(input, "type", "id", Envelope(type, timestamp, data), http);
        input.Check();
        return await PublishAsync(http, app, message, null, withContent: true, applications, calls, time);
    }

    private static async Task<IResult> GetAsync(HttpContext http, string app, string message, GrainCalls calls, Applications applications)
    {
        var withContent = QueryInput.Flag(http.Request, "with_content", true);
        var id = await applications.ResolveAsync(http.Caller(), app);
        var found = await calls.ReadAsync(g => g.GetGrain<IMessageQueries>(0).Find(id, message, withContent)) ?? throw ApiException.NotFound();
        return new JsonBody(200, json => Write(json, found, withContent));
    }

    private static async Task<IResult> ListAsync(HttpContext http, string app, GrainCalls calls, Applications applications)
    {
        var page = QueryInput.Page(http.Request, EntityId.Message, descending: true, mayOrder: false);
        var withContent = QueryInput.Flag(http.Request, "with_content", true);
        var filter = new MessageFilter(
            QueryInput.Time(http.Request, "before"),
            QueryInput.Time(http.Request, "after"),
            QueryInput.Channel(http.Request),
            QueryInput.EventTypes(http.Request),
            withContent);
        var id = await applications.ResolveAsync(http.Caller(), app);
        var messages = await calls.ReadAsync(g => g.GetGrain<IMessageQueries>(0).List(id, filter, page));
        return Answers.List(messages, static m => m.Id, (json, m) => Write(json, m, withContent));
    }

    private static PublishMessage Read(Input input, string typeField, string idField, byte[] payload, HttpContext http)
    {
        var (token, mayBeRepeat) = Token(http);
        var message = new PublishMessage
        {
            Token = token,
            MayBeRepeat = mayBeRepeat,
            EventType = input.Required(typeField, input.Text).Value!,
            Payload = payload,
            EventId = input.Optional(idField, (v, n) => (string?)input.Text(v, n)).Value,
            Channels = input.Optional("channels", (v, n) => (IReadOnlyList<string>?)input.Texts(v, n)).Value,
            OrderingKey = input.Optional("orderingKey", (v, n) => (string?)input.Text(v, n)).Value,
        };
        if (!Rules.IsName(message.EventType))
        {
            input.Refuse("Must be 1 to 256 of a-z A-Z 0-9 - _ .", typeField == "type" ? "type" : "event_type", "__all__");
        }

        input.Uid(message.EventId, EntityId.Message, idField == "id" ? "id" : "event_id");
        input.Names(message.Channels, "channels", MaxChannels);
        input.Label(message.OrderingKey, "ordering_key");
        if (message.OrderingKey is { Length: > MaxOrderingKey })
        {
            input.Refuse($"Must not exceed {MaxOrderingKey} characters.", "ordering_key");
        }

        return message;
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

    /// <summary>
    /// What makes two calls one: the caller's idempotency key within its organization and address, else a number made here.
    /// </summary>
    private static (Guid Token, bool MayBeRepeat) Token(HttpContext http)
    {
        var key = http.Request.Headers["idempotency-key"].ToString();
        if (key.Length == 0)
        {
            return (Guid.NewGuid(), false);
        }

        var scope = Encoding.UTF8.GetBytes(http.Caller().Organization + "\n" + key + "\n" + http.Request.Path + http.Request.QueryString);
        return (new Guid(SHA256.HashData(scope).AsSpan(0, 16)), true);
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

    private static async Task<IResult> PublishAsync(
        HttpContext http, string app, PublishMessage message, ApplicationChange? create, bool withContent, Applications applications, GrainCalls calls, TimeProvider time)
    {
        Task<Answer<MessageDetails>> Publish() => applications.CallAsync(
            http.Caller(),
            app,
            repeatable: true,
            (grain, address, repeat) => grain.Publish(address, repeat ? message with { MayBeRepeat = true } : message));

        var answer = await Publish();
        if (answer.Refusal?.Kind == RefusalKind.NotFound && create is not null)
        {
            await ApplicationsApi.FindOrCreateAsync(http, app, create, applications, calls, time);
            answer = await Publish();
        }

        var details = answer.OrThrow();
        // A first answer is given again with the payload it had; else the payload is the one just taken.
        var shown = details.Payload is null && !details.Expired ? details with { Payload = message.Payload } : details;
        return new JsonBody(202, json => Write(json, shown, withContent));
    }

    private static void Write(Utf8JsonWriter json, MessageDetails message, bool withContent)
    {
        json.WriteStartObject();
        json.WriteString("id", message.Id);
        json.WriteString("eventId", message.EventId);
        json.WriteString("eventType", message.EventType);
        json.WriteListOrNull("channels", message.Channels);
        json.WritePropertyName("payload");
        if (!withContent)
        {
            json.WriteRawValue("{}"u8);
        }
        else if (message.Payload is { } payload && IsJsonObject(payload))
        {
            json.WriteRawValue(payload, skipInputValidation: true);
        }
        else
        {
            json.WriteRawValue("""{"expired":true}"""u8);
        }

        json.WriteTime("timestamp", message.AcceptedAt);
        if (message.OrderingKey is not null)
        {
            json.WriteString("orderingKey", message.OrderingKey);
        }

        json.WriteEndObject();
    }

    /// <summary>A raw payload need not be JSON; the contract's field must be.</summary>
    private static bool IsJsonObject(byte[] payload)
    {
        var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = 10_000 });
        try
        {
            var first = reader.Read() && reader.TokenType == JsonTokenType.StartObject;
            while (reader.Read())
            {
                // The whole text must be well-formed to be passed through.
            }

            return first;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
