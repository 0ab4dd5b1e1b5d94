using System.Text.Json;
using Webhooks.Gateway.Api.Authentication;
using Webhooks.Gateway.Api.Cluster;
using Webhooks.Gateway.Api.Http;
using Webhooks.Gateway.Api.Idempotency;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>Applications: create, read, list, update, delete.</summary>
internal static class ApplicationsApi
{
    public static void MapApplications(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/app").WithTags("Application");
        group.MapGet("", ListAsync).ForOrganizations();
        group.MapPost("", CreateAsync).ForOrganizations();
        group.MapGet("/{app}", GetAsync);
        group.MapPut("/{app}", PutAsync).ForOrganizations();
        group.MapPatch("/{app}", PatchAsync).ForOrganizations();
        group.MapDelete("/{app}", DeleteAsync).ForOrganizations();
    }

    /// <summary>Reads an application from a body's object.</summary>
    public static ApplicationChange Read(Input input)
    {
        var rate = input.Optional("throttleRate", (v, n) => (int?)input.Number(v, n));
        var oldRate = input.Optional("rateLimit", (v, n) => (int?)input.Number(v, n));
        var change = new ApplicationChange
        {
            Name = input.Required("name", input.Text),
            Uid = input.Optional("uid", (v, n) => (string?)input.Text(v, n)),
            ThrottleRate = rate.Value is null && oldRate.IsSet ? oldRate : rate,
            Metadata = input.Optional("metadata", (v, n) => (IReadOnlyDictionary<string, string>?)input.Map(v, n)),
        };
        input.Label(change.Name.Value, "name", minLength: change.Name.IsSet ? 1 : 0);
        input.Uid(change.Uid.Value, EntityId.Application);
        input.Rate(change.ThrottleRate.Value);
        input.Metadata(change.Metadata.Value);
        return change;
    }

    /// <summary>Creates an application under the id of the call, so that the call may be repeated.</summary>
    public static Task<Answer<ApplicationDetails>> CreateUnderIdAsync(HttpContext http, Guid call, GrainCalls calls, ApplicationChange values)
    {
        var caller = http.Caller();
        var id = EntityId.Format(EntityId.Application, call);
        return calls.PersistAsync((g, _) => g.GetGrain<IApplicationGrain>(id).Create(caller.Organization, values));
    }

    /// <summary>The application of the path, or, when there is none, the one that the body describes, created.</summary>
    /// <exception cref="InputException">The described one would not have the uid of the path.</exception>
    public static async Task<ApplicationDetails> FindOrCreateAsync(
        HttpContext http, string app, ApplicationChange? create, Applications applications, GrainCalls calls, TimeProvider time)
    {
        if (create is null)
        {
            return await applications.FindAsync(http.Caller(), app);
        }

        if (await applications.FindOrNullAsync(http.Caller(), app) is { } found)
        {
            return found;
        }

        if (create.Uid.Value != app)
        {
            var missing = create.Uid.Value is null;
            throw new InputException(new InputFault(
                ["body", "application", "uid"],
                missing ? "The application's uid is missing." : "The application's uid differs from the path.",
                missing ? "application_uid_missing" : "application_uid_mismatch"));
        }

        var created = await CreateUnderIdAsync(http, TimeOrderedId.Create(time.GetUtcNow()), calls, create);
        // A conflict: somebody else created it in the meantime.
        return created.Refusal?.Kind == RefusalKind.Conflict ? await applications.FindAsync(http.Caller(), app) : created.OrThrow();
    }

    public static void Write(Utf8JsonWriter json, ApplicationDetails app)
    {
        json.WriteStartObject();
        json.WriteString("id", app.Id);
        if (app.Uid is not null)
        {
            json.WriteString("uid", app.Uid);
        }

        json.WriteString("name", app.Name);
        json.WriteNumberOrNull("throttleRate", app.ThrottleRate);
        if (app.ThrottleRate is { } rate)
        {
            json.WriteNumber("rateLimit", rate);
        }

        json.WriteMap("metadata", app.Metadata);
        json.WriteTime("createdAt", app.CreatedAt);
        json.WriteTime("updatedAt", app.UpdatedAt);
        json.WriteEndObject();
    }

    private static JsonBody One(int status, ApplicationDetails app) => new(status, json => Write(json, app));

    private static async Task<IResult> ListAsync(HttpContext http, GrainCalls calls)
    {
        var page = QueryInput.Page(http.Request, EntityId.Application, descending: false, mayOrder: true);
        var apps = await calls.ReadAsync(g => g.GetGrain<IApplicationQueries>(0).List(http.Caller().Organization, page));
        return Answers.List(apps, static a => a.Id, Write);
    }

    private static async Task<IResult> CreateAsync(HttpContext http, GrainCalls calls, BodyReader bodies, Applications applications, TimeProvider time)
    {
        var getIfExists = QueryInput.Flag(http.Request, "get_if_exists", false);
        using var body = await bodies.ReadAsync(http.Request);
        var input = new Input(body.RootElement, patch: false);
        var values = Read(input);
        input.Check();
        if (getIfExists && values.Uid.Value is { } uid && await applications.FindOrNullAsync(http.Caller(), uid) is { } existing)
        {
            return One(200, existing);
        }

        var answer = await CreateUnderIdAsync(http, http.CallId(time), calls, values);
        if (getIfExists && answer.Refusal?.Kind == RefusalKind.Conflict && await applications.FindOrNullAsync(http.Caller(), values.Uid.Value!) is { } first)
        {
            // Somebody else created it between the look and the write.
            return One(200, first);
        }

        return One(201, answer.OrThrow());
    }

    private static async Task<IResult> GetAsync(HttpContext http, string app, Applications applications) =>
        One(200, await applications.FindAsync(http.Caller(), app));

    private static async Task<IResult> PutAsync(HttpContext http, string app, GrainCalls calls, BodyReader bodies, Applications applications, TimeProvider time)
    {
        using var body = await bodies.ReadAsync(http.Request);
        var input = new Input(body.RootElement, patch: false);
        var values = Read(input);
        input.Check();
        var answer = await applications.CallAsync(http.Caller(), app, repeatable: true, (grain, address, _) => grain.Update(address, values));
        if (answer.Refusal?.Kind != RefusalKind.NotFound)
        {
            return One(200, answer.OrThrow());
        }

        return One(201, (await CreateUnderIdAsync(http, http.CallId(time), calls, values)).OrThrow());
    }

    private static async Task<IResult> PatchAsync(HttpContext http, string app, BodyReader bodies, Applications applications)
    {
        using var body = await bodies.ReadAsync(http.Request);
        var input = new Input(body.RootElement, patch: true);
        var values = Read(input);
        input.Check();
        return One(200, (await applications.CallAsync(http.Caller(), app, repeatable: true, (grain, address, _) => grain.Update(address, values))).OrThrow());
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, string app, Applications applications)
    {
        (await applications.CallAsync(http.Caller(), app, repeatable: false, (grain, address, _) => grain.Delete(address))).OrThrow();
        applications.Forget(http.Caller(), app);
        return Reply.NoContent;
    }
}
