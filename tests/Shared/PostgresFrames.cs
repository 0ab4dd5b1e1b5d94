using System.Buffers.Binary;

namespace Webhooks.Tests.Shared;

/// <summary>Finds the messages of PostgreSQL's protocol in one direction of a connection, however its bytes are cut into pieces.</summary>
/// <param name="typed">Whether messages begin with a type; those of a client do not until it has introduced itself.</param>
internal sealed class PostgresFrames(bool typed)
{
    // Enough for any statement's text; what follows in a longer message is counted, not kept.
    private const int KeptBytes = 64 * 1024;
    private const int LengthBytes = 4;

    private readonly byte[] _header = new byte[1 + LengthBytes];
    private byte[] _body = [];
    private int _headerRead;
    private int _left;
    private int _kept;

    public bool Typed { get; set; } = typed;

    /// <summary>The type of the message found last; 0 for one without a type.</summary>
    public char Type { get; private set; }

    /// <summary>The message found last without type and length, up to a bound.</summary>
    public ReadOnlySpan<byte> Body => _body.AsSpan(0, _kept);

    /// <summary>Goes on to the end of the next message.</summary>
    /// <param name="at">Where to go on in <paramref name="bytes"/>; afterwards the place behind what was read.</param>
    /// <returns>Whether a message ended; otherwise the bytes did.</returns>
    public bool TryRead(ReadOnlySpan<byte> bytes, ref int at)
    {
        while (at < bytes.Length)
        {
            var headerBytes = (Typed ? 1 : 0) + LengthBytes;
            if (_headerRead < headerBytes)
            {
                _header[_headerRead++] = bytes[at++];
                if (_headerRead == headerBytes)
                {
                    Begin(headerBytes);
                }
            }
            else
            {
                var read = Math.Min(_left, bytes.Length - at);
                Keep(bytes.Slice(at, read));
                at += read;
                _left -= read;
            }

            if (_headerRead == headerBytes && _left == 0)
            {
                _headerRead = 0;
                return true;
            }
        }

        return false;
    }

    private void Begin(int headerBytes)
    {
        Type = Typed ? (char)_header[0] : '\0';
        _left = BinaryPrimitives.ReadInt32BigEndian(_header.AsSpan(headerBytes - LengthBytes)) - LengthBytes;
        _kept = 0;
        if (_left < 0)
        {
            throw new InvalidDataException($"A message of type {(int)Type} with the length {_left + LengthBytes} is none of PostgreSQL's protocol.");
        }
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        part = part[..Math.Min(part.Length, KeptBytes - _kept)];
        if (_body.Length < _kept + part.Length)
        {
            Array.Resize(ref _body, Math.Min(KeptBytes, Math.Max(2 * _body.Length, _kept + part.Length)));
        }

        part.CopyTo(_body.AsSpan(_kept));
        _kept += part.Length;
    }
}
