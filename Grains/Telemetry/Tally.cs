using Webhooks.Grains.Sending;

namespace Webhooks.Grains.Telemetry;

/// <summary>What a silo has done since its start, to be read at any time; the meter's instruments can only be listened to. Thread-safe.</summary>
internal sealed class Tally
{
    private static readonly AttemptOutcome[] Outcomes = Enum.GetValues<AttemptOutcome>();

    private readonly long[] _attempts = new long[Outcomes.Length];
    private long _accepted;

    public long Accepted => Interlocked.Read(ref _accepted);

    public void Accept(int messages) => Interlocked.Add(ref _accepted, messages);

    public void Attempt(AttemptOutcome outcome) => Interlocked.Increment(ref _attempts[Array.IndexOf(Outcomes, outcome)]);

    /// <summary>Attempts by outcome, those that there were none of left out.</summary>
    public IReadOnlyDictionary<string, long> Attempts() => Outcomes
        .Select((outcome, i) => KeyValuePair.Create(AttemptWords.Of(outcome), Interlocked.Read(ref _attempts[i])))
        .Where(static count => count.Value > 0)
        .ToDictionary();
}
