using Webhooks.Gateway.Api.Authentication;
using Webhooks.Gateway.Api.Http;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>Routes kept for scripts that were written for other servers of this contract.</summary>
internal static class AdministrationApi
{
    /// <summary>There is no queue of tasks here that could be stuck: nothing is to be done.</summary>
    public static void MapAdministration(this RouteGroupBuilder api) =>
        api.MapPost("/admin/redrive-dlq", static () => Reply.NoContent).ForOrganizations();
}
