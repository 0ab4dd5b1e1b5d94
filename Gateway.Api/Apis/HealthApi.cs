using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Interfaces.Applications;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>Whether the process lives, and whether store and cluster answer.</summary>
internal static class HealthApi
{
    private static readonly string[] ReadMethods = ["GET", "HEAD"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static void MapHealth(this WebApplication app)
    {
        app.MapMethods("/health/live", ReadMethods, static () => Results.Text("live"));
        app.MapMethods("/health/ready", ReadMethods, async (IGrainFactory grains) => await IsReadyAsync(grains)
            ? Results.Text("ready")
            : JsonBody.Error(503, "unavailable", "The store or the cluster does not answer."));
        app.MapMethods("/api/v1/health", ReadMethods, async (IGrainFactory grains) =>
        {
            var ready = await IsReadyAsync(grains);
            return new JsonBody(ready ? 200 : 500, json =>
            {
                json.WriteStartObject();
                foreach (var part in (string[])["database", "queue", "cache"])
                {
                    json.WriteStartObject(part);
                    json.WriteString("status", ready ? "ok" : "error");
                    json.WriteEndObject();
                }

                json.WriteEndObject();
            });
        });
        app.MapMethods("/api/v1/health/ping", ReadMethods, static () => Results.NoContent());
    }

    private static async Task<bool> IsReadyAsync(IGrainFactory grains)
    {
        try
        {
            await grains.GetGrain<IApplicationQueries>(0).Ping().WaitAsync(Patience);
            return true;
        }
        catch (Exception error) when (Cluster.GrainCalls.IsPassing(error))
        {
            return false;
        }
    }
}
