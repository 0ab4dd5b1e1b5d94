using System.Text.Json;
using Orleans.Storage;

namespace Webhooks.Grains.Hosting;

/// <summary>
/// Grain state as plain JSON: members by name, no type or assembly names, so that code may move and state stays
/// readable. Unknown members are ignored, absent ones keep their defaults: two versions can share a row.
/// </summary>
internal sealed class NamedJsonStateSerializer : IGrainStorageSerializer
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input, Options));

    public T Deserialize<T>(BinaryData input) => JsonSerializer.Deserialize<T>(input, Options)!;
}
