using System.Diagnostics;
using System.Globalization;

namespace Webhooks.Benchmarks;

/// <summary>The <see cref="RudeReceiver"/> in its process.</summary>
internal sealed class RudeProcess : IAsyncDisposable
{
    private readonly Process _process;

    private RudeProcess(Process process, string url)
    {
        _process = process;
        Url = url;
    }

    public string Url { get; }

    public bool IsRude { get; private set; }

    public static async Task<RudeProcess> StartAsync()
    {
        var info = new ProcessStartInfo("nice", ["-n", "19", "dotnet", "exec", typeof(RudeProcess).Assembly.Location, "rude-receiver"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(info)!;
        return new RudeProcess(process, await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The rude receiver did not start."));
    }

    public Task BeRudeAsync()
    {
        IsRude = true;
        return AskAsync("rude");
    }

    /// <summary>Answers from now on, and breaks off what it has under way.</summary>
    public Task BePoliteAsync()
    {
        IsRude = false;
        return AskAsync("polite");
    }

    /// <summary>Requests so far.</summary>
    public Task<long> RequestsAsync() => AskAsync("requests");

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<long> AskAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
        return long.Parse((await _process.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
    }
}
