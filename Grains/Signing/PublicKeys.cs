namespace Webhooks.Grains.Signing;

/// <summary>What may be said of signing keys outside the engine.</summary>
public static class PublicKeys
{
    /// <summary>The form a key is shown in: an asymmetric one by its public half alone.</summary>
    public static string Of(string key) => SigningKeys.PublicForm(key);

    /// <summary>A new ed25519 pair in its secret form, <c>whsk_…</c>.</summary>
    public static string GeneratePair() => SigningKeys.GeneratePair();

    /// <summary>Why a text is no signing key; null when it is one.</summary>
    public static string? Fault(string key) => SigningKeys.TryParse(key, out _, out var reason) ? null : reason;
}
