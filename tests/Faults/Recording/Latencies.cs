namespace Webhooks.Faults.Recording;

/// <summary>Counts of latencies in classes that grow by a tenth, so that a long run needs no more room than a short one.</summary>
internal sealed class Latencies
{
    private const double Smallest = 0.1;
    private const double Growth = 1.1;
    private const int Classes = 160;

    private readonly int[] _counts = new int[Classes];

    /// <param name="milliseconds">From 0.1 ms to some minutes; what lies outside counts in the first or last class.</param>
    public void Add(double milliseconds)
    {
        var place = milliseconds <= Smallest ? 0 : (int)(Math.Log(milliseconds / Smallest) / Math.Log(Growth));
        Interlocked.Increment(ref _counts[Math.Min(place, Classes - 1)]);
    }

    /// <summary>How many there are.</summary>
    public int Count => _counts.Sum();

    /// <summary>The upper bound, milliseconds, of the class in which this share lies; NaN without any.</summary>
    public double Percentile(double share)
    {
        var left = (int)Math.Ceiling(Count * share);
        if (left == 0)
        {
            return double.NaN;
        }

        for (var place = 0; place < Classes; place++)
        {
            left -= _counts[place];
            if (left <= 0)
            {
                return Smallest * Math.Pow(Growth, place + 1);
            }
        }

        return Smallest * Math.Pow(Growth, Classes);
    }
}
