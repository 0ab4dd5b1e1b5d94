using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Webhooks.Faults.Histories;

/// <summary>A history in a folder: one file per list, one JSON object per line, written and read line by line.</summary>
internal static class HistoryFiles
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    public static void Write(string folder, History history)
    {
        Directory.CreateDirectory(folder);
        WriteList(folder, "endpoints", history.Endpoints);
        WriteList(folder, "published", history.Published);
        WriteList(folder, "received", history.Received);
        WriteList(folder, "messages", history.Messages);
        WriteList(folder, "attempts", history.Attempts);
        WriteList(folder, "dead-letters", history.DeadLetters);
        WriteList(folder, "faults", history.Faults);
    }

    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    /// <exception cref="InvalidDataException">A line is not what it should be; file and line are named.</exception>
    public static History Read(string folder) => new(
        ReadList<SubscribedEndpoint>(folder, "endpoints"),
        ReadList<PublishedEvent>(folder, "published"),
        ReadList<ReceivedRequest>(folder, "received"),
        ReadList<ListedMessage>(folder, "messages"),
        ReadList<ListedAttempt>(folder, "attempts"),
        ReadList<ListedDeadLetter>(folder, "dead-letters"),
        ReadList<InjectedFault>(folder, "faults"));

    private static string PathOf(string folder, string name) => Path.Combine(folder, name + ".jsonl");

    private static void WriteList<T>(string folder, string name, IReadOnlyList<T> items)
    {
        using var writer = new StreamWriter(PathOf(folder, name), append: false, new UTF8Encoding(false), 1 << 16) { NewLine = "\n" };
        foreach (var item in items)
        {
            writer.WriteLine(JsonSerializer.Serialize(item, s_json));
        }
    }

    private static List<T> ReadList<T>(string folder, string name)
    {
        var path = PathOf(folder, name);
        var items = new List<T>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            try
            {
                items.Add(JsonSerializer.Deserialize<T>(line, s_json) ?? throw new JsonException("It is null."));
            }
            catch (JsonException e)
            {
                throw new InvalidDataException($"{path}, line {number}: {e.Message}", e);
            }
        }

        return items;
    }
}
