namespace Webhooks.Grains.Signing;

/// <summary>A key that signs deliveries, ready for use.</summary>
internal abstract class SigningKey
{
    /// <summary>The signature with its version, <c>v1,…</c> or <c>v1a,…</c>, of <c>id.timestamp.body</c>.</summary>
    public abstract string Sign(string messageId, long timestamp, ReadOnlySpan<byte> body);
}
