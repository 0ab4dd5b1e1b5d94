namespace Webhooks.Tests.Shared;

/// <summary>What a proxy does with what it is to carry.</summary>
internal enum ProxyState
{
    Passing = 0,
    Blackhole = 1,
    Refusing = 2,
}

/// <summary>How a proxy carries, from one switch to the next.</summary>
/// <param name="There">Delay on the way to the server.</param>
/// <param name="Back">Delay on the way to the client.</param>
/// <param name="Jitter">Up to how much less or more.</param>
internal sealed record ProxyMode(ProxyState State, TimeSpan There = default, TimeSpan Back = default, TimeSpan Jitter = default)
{
    /// <summary>Set by the switch to another mode.</summary>
    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How long the next piece is held up.</summary>
    public TimeSpan NextDelay(bool there)
    {
        var delay = (there ? There : Back) + (((2 * Random.Shared.NextDouble()) - 1) * Jitter);
        return delay > TimeSpan.Zero ? delay : TimeSpan.Zero;
    }
}
