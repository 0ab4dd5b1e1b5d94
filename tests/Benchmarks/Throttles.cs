using System.Text.Json;
using Npgsql;
using Microsoft.AspNetCore.Http;
using Webhooks.Processes.Tests.Harness;
using Webhooks.Tests.Shared.Processes;

namespace Webhooks.Benchmarks;

/// <summary>
/// A rate of 100/s over a minute with two silos and a separate gateway, a queue always there: of one endpoint, and of an
/// application with ten. The silo that holds the first endpoint is asked to stop in the middle and started again.
/// </summary>
internal static class Throttles
{
    private const int Rate = 100;
    private const int Seconds = 60;
    private const int RestartAfter = 25;
    private const int Queue = Rate * (Seconds + 20);
    private const int Publishers = 16;
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(40);

    public static async Task RunAsync()
    {
        Figures.Print($"throttleRate {Rate}, two silos, PostgreSQL, one silo restarted after {RestartAfter} s");
        Console.WriteLine("throttled                 deliveries in 60 s   of the rate   most in a second   least in a second");
        await using var cluster = await WebhooksCluster.StartAsync(silos: 2, gateways: 1, CancellationToken.None);
        await MeasureAsync(cluster, "endpoint", endpoints: 1, new { name = "one" }, new { throttleRate = Rate });
        await MeasureAsync(cluster, "application of 10", endpoints: 10, new { name = "ten", throttleRate = Rate }, new { });
    }

    private static async Task MeasureAsync(WebhooksCluster cluster, string name, int endpoints, object application, object each)
    {
        var from = 0L;
        var perSecond = new int[Seconds];
        await using var receiver = await Receiver.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            if (Volatile.Read(ref from) is > 0 and var start && (int)TimeProvider.System.GetElapsedTime(start).TotalSeconds is var second and < Seconds)
            {
                Interlocked.Increment(ref perSecond[second]);
            }

            return Task.CompletedTask;
        });
        var api = cluster.Gateways[0].Api;
        var app = await PostAsync(api, "api/v1/app", application);
        var first = "";
        for (var i = 0; i < endpoints; i++)
        {
            var body = JsonSerializer.SerializeToNode(each)!.AsObject();
            body["url"] = $"{receiver.Url}/{i}";
            var id = await PostAsync(api, $"api/v1/app/{app}/endpoint", body);
            first = i == 0 ? id : first;
        }

        await Task.WhenAll(Enumerable.Range(0, Publishers).Select(async _ =>
        {
            for (var i = 0; i < Queue / endpoints / Publishers; i++)
            {
                await api.PublishAsync(app, "lead.captured", """{"note":"one of many"}""", CancellationToken.None);
            }
        }));

        Volatile.Write(ref from, TimeProvider.System.GetTimestamp());
        await Task.Delay(TimeSpan.FromSeconds(RestartAfter));
        await RestartOwnerAsync(cluster, first);
        await Task.Delay(TimeSpan.FromSeconds(Seconds) - TimeProvider.System.GetElapsedTime(from));
        Figures.Print($"{name,-24}  {perSecond.Sum(),18}   {perSecond.Sum() / (double)(Rate * Seconds),11:P1}   {perSecond.Max(),16}   {perSecond.Min(),17}");
        Figures.Print($"  from a second before the restart on: {string.Join(' ', perSecond.Skip(RestartAfter - 1).Take(15))}");
    }

    private static async Task RestartOwnerAsync(WebhooksCluster cluster, string endpoint)
    {
        await using var connection = new NpgsqlConnection(cluster.Postgres.ConnectionString);
        await connection.OpenAsync();
        _ = Grains.Interfaces.EntityId.TryParse(Grains.Interfaces.EntityId.Endpoint, endpoint, out var id);
        await using var command = new NpgsqlCommand("SELECT owner FROM cursors WHERE endpoint = $1", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = id });
        var owner = (string)(await command.ExecuteScalarAsync())!;
        await cluster.Silos.Single(silo => owner.Contains(':' + silo.Port, StringComparison.Ordinal)).TerminateAsync(StopPatience, CancellationToken.None);
        await cluster.StartSiloAsync(CancellationToken.None);
    }

    private static async Task<string> PostAsync(WebhooksApi api, string path, object body)
    {
        var (status, text) = await api.PostAsync(path, JsonSerializer.Serialize(body), Guid.NewGuid().ToString("N"), CancellationToken.None);
        return (int)status is >= 200 and < 300
            ? JsonDocument.Parse(text).RootElement.GetProperty("id").GetString()!
            : throw new InvalidOperationException($"{path} answered {status}: {text}");
    }
}
