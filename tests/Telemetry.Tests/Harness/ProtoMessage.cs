using System.Buffers.Binary;
using System.Text;

namespace Webhooks.Telemetry.Tests.Harness;

/// <summary>As much of a protobuf message as its wire format tells: fields by number.</summary>
internal sealed class ProtoMessage
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Bytes = 2;
    private const int Fixed32 = 5;

    private readonly List<(int Number, ulong Value, ReadOnlyMemory<byte> Bytes)> _fields = [];

    public ProtoMessage(ReadOnlyMemory<byte> data)
    {
        while (!data.IsEmpty)
        {
            var tag = ReadVarint(ref data);
            var number = (int)(tag >> 3);
            switch ((int)(tag & 7))
            {
                case Varint:
                    _fields.Add((number, ReadVarint(ref data), default));
                    break;
                case Fixed64:
                    _fields.Add((number, BinaryPrimitives.ReadUInt64LittleEndian(data.Span), default));
                    data = data[8..];
                    break;
                case Bytes:
                    var length = (int)ReadVarint(ref data);
                    _fields.Add((number, 0, data[..length]));
                    data = data[length..];
                    break;
                case Fixed32:
                    _fields.Add((number, BinaryPrimitives.ReadUInt32LittleEndian(data.Span), default));
                    data = data[4..];
                    break;
                default:
                    throw new InvalidDataException($"Field {number} has an unknown wire type.");
            }
        }
    }

    public IEnumerable<ProtoMessage> Messages(int number) => _fields.Where(f => f.Number == number).Select(static f => new ProtoMessage(f.Bytes));

    /// <summary>An empty one when the field is not there.</summary>
    public ProtoMessage Message(int number) => new(_fields.LastOrDefault(f => f.Number == number).Bytes);

    public string Text(int number) => Encoding.UTF8.GetString(_fields.LastOrDefault(f => f.Number == number).Bytes.Span);

    public string Hex(int number) => Convert.ToHexStringLower(_fields.LastOrDefault(f => f.Number == number).Bytes.Span);

    public ulong Number(int number) => _fields.LastOrDefault(f => f.Number == number).Value;

    public bool Has(int number) => _fields.Exists(f => f.Number == number);

    private static ulong ReadVarint(ref ReadOnlyMemory<byte> data)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = data.Span[0];
            data = data[1..];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
