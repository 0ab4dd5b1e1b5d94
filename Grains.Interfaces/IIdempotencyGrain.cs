namespace Webhooks.Grains.Interfaces;

/// <summary>
/// One call that carries an idempotency key, over all its repeats at all gateways. Keyed by a hash of the caller, the
/// key and the address. The first call is told to go ahead; the others wait until it has ended and get its answer, or,
/// when it failed or did not end in time, one of them goes ahead in its place.
/// </summary>
[Alias("webhooks.IIdempotencyGrain")]
public interface IIdempotencyGrain : IGrainWithGuidKey
{
    /// <summary>The answer to give again, or the word to go ahead.</summary>
    [Alias("Begin")]
    Task<IdempotentCall> Begin();

    /// <summary>Keeps the answer (2xx only) for all repeats, for the time that the setting says.</summary>
    [Alias("Complete")]
    Task Complete(Guid reserved, int status, byte[] body);

    /// <summary>The call was refused or failed: the next one goes ahead.</summary>
    [Alias("Release")]
    Task Release(Guid reserved);
}

/// <summary>How a call with an idempotency key goes on.</summary>
/// <param name="Reserved">An id made for the call, the same for all its repeats: what it creates is created under it.</param>
/// <param name="Status">The first answer's status code; null for the word to go ahead.</param>
/// <param name="Body">The first answer's body; empty for none.</param>
[GenerateSerializer, Immutable, Alias("webhooks.IdempotentCall")]
public sealed record IdempotentCall([property: Id(0)] Guid Reserved, [property: Id(1)] int? Status, [property: Id(2)] byte[]? Body);
