using System.Collections.Immutable;
using System.Net;

namespace Webhooks.Tests.Shared.Processes;

/// <summary>A program that serves until it is stopped.</summary>
public abstract class ServerProcess(ChildProcess process) : IAsyncDisposable
{
    // Set to a folder to keep what the processes wrote.
    private const string LogFolder = "WEBHOOKS_TEST_LOGS";

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    /// <summary>What it wrote, for messages of failed tests.</summary>
    public string Output => process.StandardOutput + process.StandardError;

    public bool HasExited => process.HasExited;

    /// <summary>The id of the process.</summary>
    public int Id => process.Id;

    /// <summary>Ends it as a power cut would: SIGKILL.</summary>
    public Task KillAsync() => process.KillAsync();

    /// <summary>Sends a signal by its name: <c>STOP</c>, <c>CONT</c>.</summary>
    public void Signal(string name) => process.Signal(name);

    /// <summary>Asks it to stop (SIGTERM) and returns its exit code.</summary>
    public async Task<int> TerminateAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        process.Terminate();
        return await process.WaitForExitAsync(patience, cancellationToken);
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (Environment.GetEnvironmentVariable(LogFolder) is { Length: > 0 } folder)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, $"{GetType().Name}-{Guid.NewGuid():N}.log"), Output);
        }

        await process.DisposeAsync();
    }

    /// <summary>Waits until the page answers 200.</summary>
    /// <param name="patience">How long; a minute when null.</param>
    protected async Task WaitUntilReadyAsync(Uri ready, TimeSpan? patience, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            await Waiting.UntilAsync(
                async () =>
                {
                    if (process.HasExited)
                    {
                        throw new InvalidOperationException("It ended.");
                    }

                    try
                    {
                        using var response = await http.GetAsync(ready, cancellationToken);
                        return response.StatusCode == HttpStatusCode.OK;
                    }
                    catch (Exception fault) when (fault is HttpRequestException || (fault is TaskCanceledException && !cancellationToken.IsCancellationRequested))
                    {
                        // Not listening yet, or too busy with its start to answer in time.
                        return false;
                    }
                },
                patience ?? StartPatience,
                $"{ready} answers 200",
                cancellationToken);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            throw new InvalidOperationException($"{GetType().Name} did not start: {fault.Message}\n{Output}", fault);
        }
    }

    /// <summary>Settings with an address of its own unless they name one, and that address.</summary>
    protected static (ImmutableDictionary<string, string> Settings, Uri Address) Addressed(ImmutableDictionary<string, string> settings)
    {
        var url = settings.GetValueOrDefault("ASPNETCORE_URLS") ?? $"http://127.0.0.1:{FreePort.Next()}";
        return (settings.With("ASPNETCORE_URLS", url), new Uri(url));
    }
}
