namespace Webhooks.Faults.Publishing;

/// <summary>The load of a run.</summary>
internal sealed record LoadOptions
{
    /// <summary>Events per second that are sent at most.</summary>
    public int Rate { get; init; } = 100;

    /// <summary>Publishers, each of which has one event under way at a time.</summary>
    public int Publishers { get; init; } = 48;

    /// <summary>How long an event is repeated before its publisher gives up.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>How long one request may take.</summary>
    public TimeSpan RequestPatience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Characters that fill up a payload.</summary>
    public int Filling { get; init; } = 200;
}
