namespace Webhooks.Grains.Signing;

/// <summary>The value of the signature header.</summary>
internal static class SignatureList
{
    /// <summary>One signature per key in the order of <paramref name="keys"/> (the current one first), separated by one space.</summary>
    public static string Of(IReadOnlyList<SigningKey> keys, string messageId, long timestamp, ReadOnlySpan<byte> body)
    {
        if (keys.Count == 1)
        {
            return keys[0].Sign(messageId, timestamp, body);
        }

        var signatures = new string[keys.Count];
        for (var i = 0; i < signatures.Length; i++)
        {
            signatures[i] = keys[i].Sign(messageId, timestamp, body);
        }

        return string.Join(' ', signatures);
    }
}
