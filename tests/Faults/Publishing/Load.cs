using Webhooks.Faults.Histories;
using Webhooks.Faults.Recording;

namespace Webhooks.Faults.Publishing;

/// <summary>Publishers that send at a steady rate and repeat each event, under one idempotency key, until it is answered 202 or their patience ends.</summary>
internal sealed class Load(LoadOptions options, World world, IReadOnlyList<Uri> gateways, Recorder recorder, int seed) : IDisposable
{
    private const int Keys = 20;
    private const int ShareWithKey = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly PublishClient[] _clients = [.. gateways.Select((gateway, number) => new PublishClient(number, gateway, options.RequestPatience, recorder.Clock))];
    private readonly string _filling = new('x', options.Filling);
    private readonly string _run = $"run-{seed}-{Guid.NewGuid():N}";

    /// <summary>Told of each answer, from any thread.</summary>
    public Action<Answer>? Answered { get; init; }

    /// <summary>Publishes until it is stopped; then each event under way is brought to its end.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var pace = new Pace(options.Rate);
        await Task.WhenAll(Enumerable.Range(0, options.Publishers).Select(_ => Task.Run(() => PublisherAsync(pace, failed), CancellationToken.None)));
    }

    public void Dispose()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }
    }

    private async Task PublisherAsync(Pace pace, CancellationTokenSource stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await PublishAsync(await pace.NextAsync(stop.Token));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop between two events.
        }
        catch
        {
            // One publisher's fault ends the run: the others need not go on.
            await stop.CancelAsync();
            throw;
        }
    }

    private async Task PublishAsync(int number)
    {
        var application = world.Applications[number % world.Applications.Count];
        var draw = Mixed(number);
        var type = world.EventTypes[(int)(draw % (uint)world.EventTypes.Count)];
        var key = draw / 64 % ShareWithKey == 0 ? null : $"key{draw / 1024 % Keys}";
        var body = $$$"""{"eventType":"{{{type}}}",{{{(key is null ? "" : $"\"orderingKey\":\"{key}\",")}}}"payload":{"number":{{{number}}},"filling":"{{{_filling}}}"}}""";
        var sentAt = recorder.Clock.Now;
        recorder.Sending(number, sentAt);

        var unknown = false;
        var pause = FirstPause;
        for (var request = 1; ; request++)
        {
            var answer = await _clients[(number + request) % _clients.Length].PublishAsync(application, body, $"{_run}-{number}");
            Answered?.Invoke(answer);
            unknown |= answer.Conclusion == Conclusion.Unknown;
            var now = recorder.Clock.Now;
            var accepted = answer.Conclusion == Conclusion.Accepted;
            if (accepted || now - sentAt > options.Patience.TotalMilliseconds)
            {
                var outcome = accepted ? PublishOutcome.Accepted : unknown ? PublishOutcome.Unknown : PublishOutcome.Refused;
                recorder.Published(new PublishedEvent(number, application, type, key, outcome, answer.MessageId, sentAt, now, request));
                return;
            }

            await Task.Delay(pause, CancellationToken.None);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    // The same choices for the same seed and number, whichever publisher takes it.
    private uint Mixed(int number)
    {
        var mixed = (uint)number * 2654435761u + (uint)seed * 40503u;
        mixed ^= mixed >> 15;
        mixed *= 2246822519u;
        return mixed ^ (mixed >> 13);
    }
}
