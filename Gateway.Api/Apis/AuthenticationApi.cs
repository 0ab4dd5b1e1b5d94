using Webhooks.Gateway.Api.Authentication;
using Webhooks.Gateway.Api.Cluster;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Interfaces;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>Tokens that an organization hands to its customers.</summary>
internal static class AuthenticationApi
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(28);

    public static void MapAuthentication(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/auth").WithTags("Authentication");
        group.MapPost("/app-portal-access/{app}", GiveAccessAsync).ForOrganizations();
        // Kept for old clients, which send no body.
        group.MapPost("/dashboard-access/{app}", async (HttpContext http, string app, Applications applications, Tokens tokens) =>
            Access(http, tokens, await applications.FindAsync(http.Caller(), app), [])).ForOrganizations();
    }

    /// <summary>Tokens are not kept, so none can be taken back; clients repeat what is answered with 5xx, hence no 501.</summary>
    public static void MapLogout(this IEndpointRouteBuilder app) => app.MapPost("/api/v1/auth/logout", static () => Results.NoContent());

    private static async Task<IResult> GiveAccessAsync(
        HttpContext http, string app, BodyReader bodies, Applications applications, GrainCalls calls, Tokens tokens, TimeProvider time)
    {
        using var body = await bodies.ReadAsync(http.Request);
        var input = new Input(body.RootElement, patch: false);
        var flags = input.Has("featureFlags") ? input.Required("featureFlags", input.Texts).Value! : [];
        if (!flags.All(Rules.IsName))
        {
            input.Refuse("Each must be 1 to 256 of a-z A-Z 0-9 - _ .", "feature_flags", "__all__");
        }

        var create = input.Object("application") is { } application ? ApplicationsApi.Read(application) : null;
        input.Check();
        return Access(http, tokens, await ApplicationsApi.FindOrCreateAsync(http, app, create, applications, calls, time), flags);
    }

    private static JsonBody Access(HttpContext http, Tokens tokens, Webhooks.Grains.Interfaces.Applications.ApplicationDetails app, IReadOnlyCollection<string> flags)
    {
        var token = tokens.Issue(http.Caller().Organization, Lifetime, app.Id, [.. flags.Distinct(StringComparer.Ordinal)]);
        return new JsonBody(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("url", $"{http.Request.Scheme}://{http.Request.Host}/#key={token}");
            json.WriteString("token", token);
            json.WriteEndObject();
        });
    }
}
