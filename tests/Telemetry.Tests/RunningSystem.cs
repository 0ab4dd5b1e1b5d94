using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Webhooks.Telemetry.Tests.Harness;
using Webhooks.Tests.Shared;
using Webhooks.Tests.Shared.Processes;
using Xunit;

[assembly: AssemblyFixture(typeof(Webhooks.Telemetry.Tests.RunningSystem))]

namespace Webhooks.Telemetry.Tests;

/// <summary>
/// A gateway and a silo on PostgreSQL, a standalone process beside them, and a receiver of what they all export. Whatever is
/// secret is in use: a delivery succeeds, another fails first, a third finds nobody.
/// </summary>
public sealed class RunningSystem : IAsyncLifetime
{
    /// <summary>Service name of the standalone process, by the standard variable; another one has it export traces alone.</summary>
    internal const string StandaloneService = "standalone-under-test";

    private const string Flaky = "/flaky";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _data = new();
    private PostgresServer _postgres = null!;
    private ReceiverServer _receiver = null!;

    internal OtlpReceiver Otlp { get; private set; } = null!;

    internal SiloProcess Silo { get; private set; } = null!;

    internal GatewayProcess Gateway { get; private set; } = null!;

    internal GatewayProcess Standalone { get; private set; } = null!;

    /// <summary>An event that was delivered at the first attempt, through gateway and silo.</summary>
    internal Delivered Event { get; private set; } = null!;

    /// <summary>The same event at a receiver that failed its first attempt.</summary>
    internal Delivered Retried { get; private set; } = null!;

    /// <summary>An event through the standalone process.</summary>
    internal Delivered StandaloneEvent { get; private set; } = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Otlp = await OtlpReceiver.StartAsync();
        _receiver = await ReceiverServer.StartAsync(AnswerAsync);
        _postgres = await PostgresServer.StartAsync();
        var exporting = Settings.Empty
            .With("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
            .With("OTEL_BSP_SCHEDULE_DELAY", "100")
            .With("OTEL_BLRP_SCHEDULE_DELAY", "100")
            .With("OTEL_METRIC_EXPORT_INTERVAL", "1000")
            .With("Logging__LogLevel__Webhooks", "Debug");
        var cluster = Settings.Common.With(Settings.Postgres(_postgres)).With(exporting)
            .With("OTEL_EXPORTER_OTLP_ENDPOINT", Otlp.Url.AbsoluteUri)
            .With("Webhooks__Telemetry__MetricsToken", Secrets.MetricsToken)
            .With("Webhooks__Telemetry__ForwardTraceparent", "true");
        var standalone = Settings.Standalone(_data.Path).With(exporting)
            .With("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", new Uri(Otlp.Url, "/v1/traces").AbsoluteUri)
            .With("OTEL_SERVICE_NAME", StandaloneService);
        await Task.WhenAll(
            Task.Run(async () => Silo = await SiloProcess.StartAsync(cluster, Cancel)),
            Task.Run(async () => Gateway = await GatewayProcess.StartAsync(cluster.With("Webhooks__Cluster__Mode", "Client"), Cancel)),
            Task.Run(async () => Standalone = await GatewayProcess.StartAsync(standalone, Cancel)));

        var application = await Gateway.Api.CreateApplicationAsync("traced", Cancel);
        var endpoint = await CreateEndpointAsync(Gateway, application, Receiver("/ok"));
        var flaky = await CreateEndpointAsync(Gateway, application, Receiver(Flaky));
        await CreateEndpointAsync(Gateway, application, new Uri($"http://127.0.0.1:{FreePort.Next()}/{Secrets.Path}"));
        var message = await PublishAsync(Gateway, application);
        Event = new Delivered(application, endpoint, message, await ArrivalAsync(message, "/ok"));
        Retried = new Delivered(application, flaky, message, await ArrivalAsync(message, Flaky, attempt: 2));

        var alone = await Standalone.Api.CreateApplicationAsync("alone", Cancel);
        var only = await CreateEndpointAsync(Standalone, alone, Receiver("/alone"));
        await CreateEndpointAsync(Standalone, alone, new Uri($"http://127.0.0.1:{FreePort.Next()}/{Secrets.Path}"));
        message = await PublishAsync(Standalone, alone);
        StandaloneEvent = new Delivered(alone, only, message, await ArrivalAsync(message, "/alone"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in (ServerProcess?[])[Gateway, Silo, Standalone])
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }
        }

        await _postgres.DisposeAsync();
        await _receiver.DisposeAsync();
        await Otlp.DisposeAsync();
        _data.Dispose();
    }

    /// <summary>Publishes an event with a secret in it; its id.</summary>
    internal static Task<string> PublishAsync(GatewayProcess gateway, string application) =>
        gateway.Api.PublishAsync(application, "lead.captured", JsonSerializer.Serialize(new { note = Secrets.Payload }), Cancel);

    /// <summary>Waits until the spans that were exported meet the condition, and returns them.</summary>
    internal Task<IReadOnlyList<Span>> SpansAsync(Func<IReadOnlyList<Span>, bool> condition, string what) =>
        Waiting.ForAsync(() => Task.FromResult(Otlp.Spans), condition, Patience, what, Cancel);

    /// <summary>The page of metrics, with the token unless another one is given.</summary>
    internal static async Task<(HttpStatusCode Status, MetricsText Text)> MetricsAsync(Uri page, string? token = Secrets.MetricsToken)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.GetAsync(page, Cancel);
        return (response.StatusCode, new MetricsText(await response.Content.ReadAsStringAsync(Cancel)));
    }

    internal Uri SiloMetrics => new(Silo.Health, "/metrics");

    internal Uri GatewayMetrics => new(Gateway.Address, "/metrics");

    internal Uri StandaloneMetrics => new(Standalone.Address, "/metrics");

    private Uri Receiver(string end) => new UriBuilder(_receiver.Url) { UserName = "user", Password = Secrets.UserInfo, Path = Secrets.Path + end, Query = "key=" + Secrets.Query }.Uri;

    private Task AnswerAsync(ReceivedRequest request, Microsoft.AspNetCore.Http.HttpContext http)
    {
        var isFirst = _receiver.Requests.Count(r => r.Path == request.Path) == 1;
        http.Response.StatusCode = request.Path.Contains(Flaky, StringComparison.Ordinal) && isFirst ? 500 : 200;
        return http.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(Secrets.Answer)).AsTask();
    }

    private static async Task<string> CreateEndpointAsync(GatewayProcess gateway, string application, Uri url)
    {
        var body = new JsonObject
        {
            ["url"] = url.AbsoluteUri,
            ["secret"] = Secrets.SigningKey,
            ["headers"] = new JsonObject { ["x-api-key"] = Secrets.HeaderValue },
        };
        var (status, text) = await gateway.Api.PostAsync($"api/v1/app/{application}/endpoint", body.ToJsonString(), Guid.NewGuid().ToString(), Cancel);
        Assert.True(status == HttpStatusCode.Created, text);
        return JsonNode.Parse(text)!["id"]!.GetValue<string>();
    }

    private async Task<ReceivedRequest> ArrivalAsync(string message, string end, int attempt = 1) => (await Waiting.ForAsync(
        () => Task.FromResult(_receiver.Requests.Where(r => r.Header("webhook-id") == message && r.Path.Contains(end, StringComparison.Ordinal)).Skip(attempt - 1).FirstOrDefault()),
        static request => request is not null,
        Patience,
        $"attempt {attempt} of {message} arrives at {end}",
        Cancel))!;
}
