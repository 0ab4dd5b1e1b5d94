namespace Webhooks.Grains.Interfaces.Cluster;

/// <summary>How a silo sees itself, from memory. A stateless worker: the key decides by which silo a gateway enters, and that one answers.</summary>
[Alias("webhooks.ISiloSight")]
public interface ISiloSight : IGrainWithIntegerKey
{
    /// <summary>How the silo is. Asks nobody.</summary>
    [Alias("Look")]
    Task<SiloSight> Look();
}

/// <summary>How a silo sees itself.</summary>
/// <param name="Silo">Its address.</param>
/// <param name="StoreAnswers">Whether the store answers it.</param>
/// <param name="Trouble">In words, why accepted messages do not become attempts; null when they do.</param>
[GenerateSerializer, Immutable, Alias("webhooks.SiloSight")]
public sealed record SiloSight(
    [property: Id(0)] string Silo,
    [property: Id(1)] bool StoreAnswers,
    [property: Id(2)] string? Trouble = null);
