using System.Globalization;
using System.Net;
using Webhooks.Faults.Machinery;
using Webhooks.Tests.Shared;
using Webhooks.Tests.Shared.Processes;

namespace Webhooks.Faults.Tests.Machinery;

/// <summary>The built Silo program, as a process.</summary>
internal sealed class SiloUnderTest : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly HttpClient _http;

    private SiloUnderTest(ChildProcess process, int siloPort, int healthPort)
    {
        SiloPort = siloPort;
        _process = process;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{healthPort}/health/"), Timeout = TimeSpan.FromSeconds(5) };
    }

    /// <summary>Where its peers reach it.</summary>
    public int SiloPort { get; }

    public static SiloUnderTest Start(string database, IReadOnlyDictionary<string, string?> variables, NetworkGroup? group = null)
    {
        var (silo, gateway, health) = (FreePort.Next(), FreePort.Next(), FreePort.Next());
        var environment = new Dictionary<string, string?>(variables)
        {
            ["ConnectionStrings__Webhooks"] = database,
            ["Webhooks__Cluster__SiloPort"] = Text(silo),
            ["Webhooks__Cluster__GatewayPort"] = Text(gateway),
            ["Webhooks__Cluster__HealthPort"] = Text(health),
            ["Webhooks__Cluster__AdvertisedAddress"] = "127.0.0.1",
            ["Webhooks__Auth__JwtSecret"] = "a secret of the tests of faults, longer than sixty-four bytes so that nothing pads it",
        };
        // Built with the tests, beside their own output.
        var output = Path.GetRelativePath(Path.Combine(AppContext.BaseDirectory, "../../.."), AppContext.BaseDirectory);
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../Silo", output, "Silo.dll"));
        var (file, arguments) = group?.Command("dotnet", ["exec", program]) ?? ("dotnet", ["exec", program]);
        return new SiloUnderTest(ChildProcess.Start(file, arguments, environment), silo, health);
    }

    public bool HasExited => _process.HasExited;

    public Task ReadyAsync() => Eventually.TrueAsync(
        async () => await AskAsync("ready") is { StatusCode: HttpStatusCode.OK } || ThrowIfEnded(),
        "the silo is ready",
        TimeSpan.FromSeconds(60));

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return _process.DisposeAsync();
    }

    private async Task<HttpResponseMessage?> AskAsync(string page)
    {
        try
        {
            return await _http.GetAsync(page, TestContext.Current.CancellationToken);
        }
        catch (HttpRequestException)
        {
            // Not listening yet.
            return null;
        }
    }

    private bool ThrowIfEnded() =>
        _process.HasExited ? throw new InvalidOperationException(_process.StandardOutput + _process.StandardError) : false;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
