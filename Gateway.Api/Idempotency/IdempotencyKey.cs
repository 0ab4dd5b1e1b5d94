using System.Security.Cryptography;
using System.Text;
using Webhooks.Gateway.Api.Authentication;
using Webhooks.Grains.Interfaces;

namespace Webhooks.Gateway.Api.Idempotency;

/// <summary>Marks a route whose calls are told apart by other means: messages, whose keys lie in the log itself.</summary>
internal sealed class KeyInLog;

/// <summary>The id of a call: what it creates is created under it, so that its repeat creates nothing more.</summary>
internal sealed record CallId(Guid Value);

/// <summary>What makes two calls one.</summary>
internal static class IdempotencyKey
{
    private const string Header = "idempotency-key";

    /// <summary>The key within its caller and address, as one value; null when the call carries none.</summary>
    public static Guid? Of(HttpContext http)
    {
        var key = http.Request.Headers[Header].ToString();
        if (key.Length == 0)
        {
            return null;
        }

        var caller = http.Caller();
        return Hash(caller.Organization, caller.Application ?? "", key, http.Request.Path + http.Request.QueryString);
    }

    /// <summary>The key of one item of a batch that carries <paramref name="batch"/>.</summary>
    public static Guid OfItem(Guid batch, int index) => Hash(batch.ToString("N"), index.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>The id of this call: reserved with its key, else made here.</summary>
    public static Guid CallId(this HttpContext http, TimeProvider time) => http.Features.Get<CallId>()?.Value ?? TimeOrderedId.Create(time.GetUtcNow());

    // No part holds the separator but the last one.
    private static Guid Hash(params string[] parts) => new(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))).AsSpan(0, 16));
}
