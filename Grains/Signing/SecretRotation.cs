using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Grains.Signing;

/// <summary>Which keys sign after a rotation.</summary>
internal static class SecretRotation
{
    /// <summary>Older keys that may sign beside the current one.</summary>
    public const int MostOldKeys = 10;

    /// <summary>
    /// The keys with <paramref name="key"/> in front; the one before it ends after <paramref name="grace"/>, what has
    /// ended is dropped. Null when too many older ones would still sign.
    /// </summary>
    public static IReadOnlyList<EndpointSecret>? Rotate(IReadOnlyList<EndpointSecret> secrets, string key, TimeSpan grace, DateTimeOffset now, Guid? rotation = null)
    {
        if (secrets[0].Key == key)
        {
            // The same rotation once more.
            return secrets;
        }

        List<EndpointSecret> rotated =
        [
            new EndpointSecret(key, null, rotation),
            .. secrets
                .Select(secret => secret with { ExpiresAt = secret.ExpiresAt ?? now + grace })
                // Back to a key that had been replaced: it is the current one again.
                .Where(secret => secret.ExpiresAt > now && secret.Key != key),
        ];
        return rotated.Count <= MostOldKeys + 1 ? rotated : null;
    }
}
