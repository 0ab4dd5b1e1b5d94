namespace Webhooks.Grains.Interfaces;

/// <summary>
/// The public text form of an id: a prefix that names the kind, and the 16 bytes as 22 base-62 digits.
/// Fixed length and digits in ASCII order, so that ordinal comparison of texts is comparison of the bytes.
/// </summary>
/// <remarks>
/// The prefix also keeps Orleans' storage from reading the key as a hexadecimal number, under which
/// grains whose ids differ only in case would share a row.
/// </remarks>
public static class EntityId
{
    /// <summary>Prefix of an application id.</summary>
    public const string Application = "app_";

    /// <summary>Prefix of an endpoint id.</summary>
    public const string Endpoint = "ep_";

    /// <summary>Prefix of a message id.</summary>
    public const string Message = "msg_";

    /// <summary>Prefix of an attempt id.</summary>
    public const string Attempt = "atmpt_";

    /// <summary>Prefix of the id of a task in the background.</summary>
    public const string BackgroundTask = "qtask_";

    /// <summary>Prefix of the id of an entry of the audit log.</summary>
    public const string AuditEntry = "audit_";

    /// <summary>Prefix of an organization id, which is chosen by the issuer of tokens.</summary>
    public const string Organization = "org_";

    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int Length = 22;

    /// <summary>The text of <paramref name="id"/> under <paramref name="prefix"/>.</summary>
    public static string Format(string prefix, Guid id)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return string.Create(prefix.Length + Length, (prefix, id), static (text, state) =>
        {
            state.prefix.CopyTo(text);
            Span<byte> bytes = stackalloc byte[16];
            state.id.TryWriteBytes(bytes, bigEndian: true, out _);
            var value = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
            for (var i = text.Length - 1; i >= state.prefix.Length; i--)
            {
                (value, var digit) = UInt128.DivRem(value, 62);
                text[i] = Digits[(int)digit];
            }
        });
    }

    /// <summary>Reads a text made by <see cref="Format"/>; false for anything else.</summary>
    public static bool TryParse(string prefix, string? text, out Guid id)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        id = default;
        if (text is null || text.Length != prefix.Length + Length || !text.StartsWith(prefix, StringComparison.Ordinal))
        {
            return false;
        }

        UInt128 value = 0;
        foreach (var c in text.AsSpan(prefix.Length))
        {
            var digit = Digits.IndexOf(c, StringComparison.Ordinal);
            // 62^22 exceeds 2^128: the top digit must not wrap around into another id.
            if (digit < 0 || value > (UInt128.MaxValue - (UInt128)digit) / 62)
            {
                return false;
            }

            value = (value * 62) + (UInt128)digit;
        }

        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        id = new Guid(bytes, bigEndian: true);
        return true;
    }
}
