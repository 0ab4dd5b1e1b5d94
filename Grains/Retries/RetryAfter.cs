using System.Globalization;

namespace Webhooks.Grains.Retries;

/// <summary>The <c>Retry-After</c> header of an answer.</summary>
internal static class RetryAfter
{
    private const double MaxSeconds = 10 * 365 * 86400.0;

    // RFC 1123 with a named zone, and RFC 2822 with an offset and perhaps a single digit for the day.
    private static readonly string[] s_dates = ["r", "ddd, d MMM yyyy HH:mm:ss 'GMT'", "ddd, d MMM yyyy HH:mm:ss zzz", "d MMM yyyy HH:mm:ss zzz"];

    /// <summary>The wait it asks for, not negative; null when absent or not understood. Fractions of a second are rounded up.</summary>
    public static TimeSpan? Parse(string? text, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var trimmed = text.AsSpan().Trim();
        if (double.TryParse(trimmed, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && double.IsFinite(seconds))
        {
            return TimeSpan.FromSeconds(Math.Min(Math.Ceiling(seconds), MaxSeconds));
        }

        return DateTimeOffset.TryParseExact(trimmed, s_dates, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at > now ? at - now : TimeSpan.Zero
            : null;
    }
}
