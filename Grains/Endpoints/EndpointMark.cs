namespace Webhooks.Grains.Endpoints;

/// <summary>
/// What health and metrics see of an endpoint that is active here: written in its grain's turns, read by anybody at any
/// time. Costs nothing to keep up to date.
/// </summary>
/// <param name="application">Id of its application.</param>
/// <param name="endpoint">Its id.</param>
internal sealed class EndpointMark(string application, string endpoint)
{
    private long _oldest;
    private long _due;
    private long _behind;

    public string Application => application;

    public string Endpoint => endpoint;

    /// <summary>When the oldest message that waits was accepted; null when none waits.</summary>
    public DateTimeOffset? Oldest
    {
        get => Read(ref _oldest);
        set => Write(ref _oldest, value);
    }

    /// <summary>Since when, or from when on, an attempt should start; null while one is under way, or none should.</summary>
    public DateTimeOffset? Due
    {
        get => Read(ref _due);
        set => Write(ref _due, value);
    }

    /// <summary>Entries of the log that it has not got past: so many messages wait at most.</summary>
    public long Behind
    {
        get => Volatile.Read(ref _behind);
        set => Volatile.Write(ref _behind, value);
    }

    private static DateTimeOffset? Read(ref long field) => Volatile.Read(ref field) is var ticks and not 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    private static void Write(ref long field, DateTimeOffset? value) => Volatile.Write(ref field, value?.UtcTicks ?? 0);
}
