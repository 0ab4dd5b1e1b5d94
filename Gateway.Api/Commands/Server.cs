namespace Webhooks.Gateway.Api.Commands;

/// <summary>Runs the gateway until it is told to stop.</summary>
internal static class Server
{
    public static async Task<int> RunAsync(string[] args)
    {
        var app = WebApplication.CreateBuilder(args).AddGateway().Build().UseGateway();
        await app.RunAsync();
        return 0;
    }
}
