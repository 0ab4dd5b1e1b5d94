namespace Webhooks.Benchmarks;

/// <summary>Several sequences of messages numbered 0, 1, 2 …, each to arrive once and in order.</summary>
/// <param name="sequences">How many.</param>
internal sealed class Sequences(int sequences)
{
    private readonly Lock _lock = new();
    private readonly int[] _next = new int[sequences];

    /// <summary>Messages that came after a later one of their sequence, or again.</summary>
    public int Backwards { get; private set; }

    /// <summary>Messages that a later one of their sequence came before.</summary>
    public int Skipped { get; private set; }

    public int Arrived { get; private set; }

    public void Arrive(int sequence, int number)
    {
        lock (_lock)
        {
            Arrived++;
            if (number < _next[sequence])
            {
                Backwards++;
                return;
            }

            Skipped += number - _next[sequence];
            _next[sequence] = number + 1;
        }
    }
}
