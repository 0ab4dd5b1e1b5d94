using Webhooks.Gateway.Api.Authentication;
using Webhooks.Gateway.Api.Cluster;
using Webhooks.Gateway.Api.Http;
using Webhooks.Gateway.Api.Idempotency;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Interfaces.Messages;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>Messages: publish (in the contract's form, in our short one, in batches), read, list, expunge.</summary>
internal static class MessagesApi
{
    public static void MapMessages(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/app/{app}").WithTags("Message");
        group.MapPost("/msg", CreateAsync).ForOrganizations().WithMetadata(new KeyInLog());
        group.MapPost("/msg/batch", MessageBatch.CreateAsync).ForOrganizations().WithMetadata(new KeyInLog());
        group.MapPost("/msg/precheck/active", PrecheckAsync).ForOrganizations();
        group.MapPost("/event", CreateEventAsync).ForOrganizations().WithMetadata(new KeyInLog());
        group.MapGet("/msg", ListAsync);
        group.MapGet("/msg/{message}", GetAsync);
        group.MapDelete("/msg/{message}/content", ExpungeAsync).ForOrganizations();
    }

    /// <summary>A list's filters.</summary>
    public static MessageFilter ReadFilter(HttpRequest request, bool withContent) => new(
        QueryInput.Time(request, "before"),
        QueryInput.Time(request, "after"),
        QueryInput.Name(request, "channel"),
        QueryInput.EventTypes(request),
        withContent,
        QueryInput.Name(request, "tag"));

    /// <summary>Publishes, creating the application that the body describes when there is none.</summary>
    public static async Task<MessageDetails> PublishAsync(
        HttpContext http, string app, PublishMessage message, ApplicationChange? create, Applications applications, GrainCalls calls, TimeProvider time)
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

        return WithPayload(answer.OrThrow(), message);
    }

    /// <summary>A first answer is given again with the payload it had; else the payload is the one just taken.</summary>
    public static MessageDetails WithPayload(MessageDetails details, PublishMessage message) =>
        details.Payload is null && !details.Expired ? details with { Payload = message.Payload } : details;

    /// <summary>What tells a repeat from a new message: the caller's idempotency key, else a number made here.</summary>
    public static (Guid Token, bool MayBeRepeat) Token(HttpContext http) => IdempotencyKey.Of(http) is { } key ? (key, true) : (Guid.NewGuid(), false);

    public static void CheckAddress(string app)
    {
        if (!Rules.IsName(app))
        {
            throw new InputException(new InputFault(["path", "app_id_or_uid", "__all__"], "Not an application's id or uid.", InputFault.Rule));
        }
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, string app, BodyReader bodies, MessageInput inputs, Applications applications, GrainCalls calls, TimeProvider time)
    {
        var withContent = QueryInput.Flag(http.Request, "with_content", true);
        CheckAddress(app);
        using var body = await bodies.ReadAsync(http.Request);
        var input = new Input(body.RootElement, patch: false);
        var (token, mayBeRepeat) = Token(http);
        var message = inputs.Read(input, token, mayBeRepeat);
        var create = input.Object("application") is { } application ? ApplicationsApi.Read(application) : null;
        input.Check();
        var details = await PublishAsync(http, app, message, create, applications, calls, time);
        return new JsonBody(202, json => MessageJson.Write(json, details, withContent));
    }

    private static async Task<IResult> CreateEventAsync(
        HttpContext http, string app, BodyReader bodies, MessageInput inputs, Applications applications, GrainCalls calls, TimeProvider time)
    {
        CheckAddress(app);
        using var body = await bodies.ReadAsync(http.Request);
        var input = new Input(body.RootElement, patch: false);
        var (token, mayBeRepeat) = Token(http);
        var message = inputs.ReadEvent(input, token, mayBeRepeat);
        input.Check();
        var details = await PublishAsync(http, app, message, null, applications, calls, time);
        return new JsonBody(202, json => MessageJson.Write(json, details, withContent: true));
    }

    private static async Task<IResult> PrecheckAsync(HttpContext http, string app, BodyReader bodies, Applications applications)
    {
        using var body = await bodies.ReadAsync(http.Request);
        var input = new Input(body.RootElement, patch: false);
        var eventType = input.Required("eventType", input.Text).Value!;
        var channels = input.Optional("channels", (v, n) => (IReadOnlyList<string>?)input.Texts(v, n)).Value;
        input.Name(eventType, "event_type");
        input.Names(channels, "channels", int.MaxValue);
        input.Check();
        var forecast = (await applications.CallAsync(http.Caller(), app, repeatable: true, (grain, address, _) => grain.WouldDeliver(address, eventType, channels))).OrThrow();
        return new JsonBody(200, json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("active", forecast.Active);
            json.WriteEndObject();
        });
    }

    private static async Task<IResult> GetAsync(HttpContext http, string app, string message, GrainCalls calls, Applications applications)
    {
        var withContent = QueryInput.Flag(http.Request, "with_content", true);
        var found = await FindAsync(http, app, message, withContent, calls, applications);
        return new JsonBody(200, json => MessageJson.Write(json, found, withContent));
    }

    /// <summary>The message with this id or event id, read from the store.</summary>
    public static async Task<MessageDetails> FindAsync(HttpContext http, string app, string message, bool withContent, GrainCalls calls, Applications applications)
    {
        var id = await applications.ResolveAsync(http.Caller(), app);
        return await calls.ReadAsync(g => g.GetGrain<IMessageQueries>(0).Find(id, message, withContent)) ?? throw ApiException.NotFound();
    }

    private static async Task<IResult> ListAsync(HttpContext http, string app, GrainCalls calls, Applications applications)
    {
        var page = QueryInput.Page(http.Request, EntityId.Message, descending: true, mayOrder: false);
        var withContent = QueryInput.Flag(http.Request, "with_content", true);
        var filter = ReadFilter(http.Request, withContent);
        var id = await applications.ResolveAsync(http.Caller(), app);
        var messages = await calls.ReadAsync(g => g.GetGrain<IMessageQueries>(0).List(id, filter, page));
        return Answers.List(messages, static m => m.Id, (json, m) => MessageJson.Write(json, m, withContent));
    }

    private static async Task<IResult> ExpungeAsync(HttpContext http, string app, string message, Applications applications)
    {
        (await applications.CallAsync(http.Caller(), app, repeatable: true, (grain, address, _) => grain.ExpungeMessage(address, message))).OrThrow();
        return Reply.NoContent;
    }
}
