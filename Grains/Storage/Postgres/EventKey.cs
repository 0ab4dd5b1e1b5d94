using System.Security.Cryptography;
using System.Text;

namespace Webhooks.Grains.Storage.Postgres;

/// <summary>An application's event id as one value to index: 16 bytes of SHA-256 over both. Matches are checked against the text.</summary>
internal static class EventKey
{
    public static Guid Of(Guid application, string eventId)
    {
        var text = Encoding.UTF8.GetBytes(eventId);
        var bytes = new byte[16 + text.Length];
        application.TryWriteBytes(bytes, bigEndian: true, out _);
        text.CopyTo(bytes, 16);
        return new Guid(SHA256.HashData(bytes).AsSpan(0, 16), bigEndian: true);
    }
}
