namespace Webhooks.Grains.Deliveries;

/// <summary>So many a second, a few at once. Pure state; not thread-safe.</summary>
internal sealed class TokenBucket
{
    // Fractions add up to a token less a hair.
    private const double Whole = 1 - 1e-6;

    private readonly double _burst;
    private double _tokens;
    private DateTimeOffset _at;

    /// <param name="rate">Tokens per second, above 0.</param>
    /// <param name="burst">Tokens that may gather, at least 1.</param>
    /// <param name="now">Where time begins; the bucket begins with one token.</param>
    public TokenBucket(double rate, double burst, DateTimeOffset now)
    {
        Rate = rate;
        _burst = Math.Max(1, burst);
        _tokens = 1;
        _at = now;
    }

    public double Rate { get; }

    /// <summary>Takes a token; false when there is none yet.</summary>
    public bool TryTake(DateTimeOffset now)
    {
        Refill(now);
        if (_tokens < Whole)
        {
            return false;
        }

        _tokens--;
        return true;
    }

    /// <summary>When the next token will be there; now when one is.</summary>
    public DateTimeOffset NextAt(DateTimeOffset now)
    {
        Refill(now);
        return _tokens >= Whole ? now : now + TimeSpan.FromSeconds((1 - _tokens) / Rate) + TimeSpan.FromTicks(1);
    }

    private void Refill(DateTimeOffset now)
    {
        if (now > _at)
        {
            _tokens = Math.Min(_burst, _tokens + ((now - _at).TotalSeconds * Rate));
            _at = now;
        }
    }
}
