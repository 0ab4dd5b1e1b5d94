using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Webhooks.Tests.Shared.Processes;
using Webhooks.Tests.Shared;

namespace Webhooks.Processes.Tests.Harness;

/// <summary>An endpoint's URL at the receiver, and the secret by which the receiver checks it.</summary>
internal sealed record Receiving(string Path, Uri Url, string Secret);

/// <summary>receiver.mjs: checks each delivery with the official packages and keeps a record.</summary>
internal sealed class NodeReceiver : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(20);

    /// <summary>The folder with package.json, the receiver and the payloads.</summary>
    public static string Folder { get; } = Path.Combine(BuiltOutput.Repository, "tests", "Processes.Tests", "node");

    private readonly ChildProcess _process;
    private readonly HttpClient _control;
    private readonly Uri _deliveries;

    private NodeReceiver(ChildProcess process, int port, int control)
    {
        _process = process;
        _deliveries = new Uri($"http://127.0.0.1:{port}");
        _control = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{control}") };
    }

    public static async Task<NodeReceiver> StartAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
        {
            throw new InvalidOperationException($"Run npm ci in {Folder} first.");
        }

        var process = ChildProcess.Start("node", [Path.Combine(Folder, "receiver.mjs")]);
        try
        {
            var line = await process.WaitForLineAsync(line => line.StartsWith('{'), StartPatience, cancellationToken);
            var ports = JsonSerializer.Deserialize<Dictionary<string, int>>(line)!;
            return new NodeReceiver(process, ports["port"], ports["control"]);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a path known to the receiver, with a secret made here.</summary>
    public async Task<Receiving> AddAsync(string path, CancellationToken cancellationToken)
    {
        var receiving = new Receiving(path, new Uri(_deliveries, path), "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(24)));
        await ConfigureAsync(new { secrets = new Dictionary<string, string> { [path] = receiving.Secret } }, cancellationToken);
        return receiving;
    }

    /// <summary>Changes how it behaves; see receiver.mjs.</summary>
    public async Task ConfigureAsync(object settings, CancellationToken cancellationToken)
    {
        using var response = await _control.PostAsJsonAsync("configure", settings, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    public async Task<DeliveryCounts> CountsAsync(CancellationToken cancellationToken) =>
        (await _control.GetFromJsonAsync<DeliveryCounts>("counts", cancellationToken))!;

    /// <summary>Everything it saw, in the order of arrival.</summary>
    public async Task<List<Delivery>> ReportAsync(CancellationToken cancellationToken)
    {
        var deliveries = new List<Delivery>();
        using var lines = new StreamReader(await _control.GetStreamAsync("report", cancellationToken));
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            deliveries.Add(JsonSerializer.Deserialize<Delivery>(line, JsonSerializerOptions.Web)!);
        }

        return deliveries;
    }

    /// <summary>Waits until its totals meet the condition.</summary>
    public Task<DeliveryCounts> WaitForAsync(Func<DeliveryCounts, bool> condition, TimeSpan deadline, CancellationToken cancellationToken) =>
        Waiting.ForAsync(() => CountsAsync(cancellationToken), condition, deadline, "the receiver has seen what it should", cancellationToken);

    public ValueTask DisposeAsync()
    {
        _control.Dispose();
        return _process.DisposeAsync();
    }
}
