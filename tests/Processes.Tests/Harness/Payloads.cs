using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Webhooks.Tests.Shared.Processes;

namespace Webhooks.Processes.Tests.Harness;

/// <summary>A payload as JSON text, and where it is from.</summary>
internal sealed record Payload(string Name, string EventType, string Text);

/// <summary>Payloads that must arrive byte for byte.</summary>
internal static class Payloads
{
    /// <summary>Every example of <c>@octokit/webhooks-examples</c>.</summary>
    public static async Task<IReadOnlyList<Payload>> OctokitAsync(CancellationToken cancellationToken)
    {
        using var node = Process.Start(new ProcessStartInfo("node", ["payloads.mjs"])
        {
            WorkingDirectory = NodeReceiver.Folder,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        })!;
        var payloads = new List<Payload>();
        while (await node.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            using var example = JsonDocument.Parse(line);
            var name = example.RootElement.GetProperty("event").GetString()!;
            payloads.Add(new Payload($"{example.RootElement.GetProperty("set").GetString()} {name}", name, example.RootElement.GetProperty("body").GetString()!));
        }

        await node.WaitForExitAsync(cancellationToken);
        return node.ExitCode == 0 ? payloads : throw new InvalidOperationException($"payloads.mjs ended with {node.ExitCode}; is the folder installed (npm ci)?");
    }

    /// <summary>Our own: what parsers and serializers like to change.</summary>
    public static IReadOnlyList<Payload> Vectors { get; } =
    [
        Vector("empty object", "{}"),
        Vector("astral characters", """{"emoji":"😀👩‍👩‍👧‍👦","gothic":"𐌰𐌱𐌲","max":"􏿿"}"""),
        Vector("escaped astral characters", """{"emoji":"\ud83d\ude00"}"""),
        Vector("combining and right-to-left", """{"a":"e\u0301 é שלום"}"""),
        Vector("escapes that could be shorter", """{"\u0061":"\u0041\/\b\f\n\r\t\"\\"}"""),
        Vector("escaped NUL", """{"a":"before\u0000after","\u0000":0}"""),
        Vector("lone surrogates", """{"high":"\ud800","low":"\udc00","swapped":"\udc00\ud800"}"""),
        Vector("line separators, raw and escaped", "{\"raw\":\"\u2028\u2029\",\"escaped\":\"\\u2028\\u2029\"}"),
        Vector("noncharacters and a byte order mark", "{\"a\":\"\uFEFF\uFFFE\uFFFF\"}"),
        Vector("markup", """{"html":"<script>alert('&amp;')</script>","plus":"+"}"""),
        Vector("odd numbers", """{"huge":1e400,"tiny":1e-400,"negativeZero":-0,"zero":-0.0,"trailing":0.10,"plus":1E+2,"big":123456789012345678901234567890,"precise":0.1000000000000000055511151231257827}"""),
        Vector("limits of integers", """{"max":9223372036854775808,"unsigned":18446744073709551616,"safe":9007199254740993}"""),
        Vector("whitespace", "{ \t\r\n \"a\" :\r\n [ 1 ,\t2 ,\n3 ]\r\n}"),
        Vector("duplicate keys", """{"a":1,"a":2,"A":3,"a":{"a":1,"a":2}}"""),
        Vector("key order", """{"z":1,"a":2,"10":3,"9":4,"":5}"""),
        Vector("names of the envelope", """{"payload":{"eventType":"x"},"eventType":"y","data":null}"""),
        Vector("nested 500 deep", "{\"a\":" + new string('[', 499) + new string(']', 499) + "}"),
        Vector("objects 500 deep", string.Concat(Enumerable.Repeat("{\"a\":", 499)) + "{}" + new string('}', 499)),
        Vector("one megabyte of text", "{\"a\":\"" + new string('x', 1024 * 1024) + "\"}"),
        Vector("one megabyte of small parts", "{\"a\":[" + string.Join(',', Enumerable.Range(0, 150_000)) + "]}"),
        Vector("one megabyte outside ASCII", "{\"a\":\"" + string.Concat(Enumerable.Repeat("é😀", 175_000)) + "\"}"),
        Vector("ten thousand keys", "{" + string.Join(',', Enumerable.Range(0, 10_000).Select(number => $"\"k{number}\":{number}")) + "}"),
    ];

    private static Payload Vector(string name, string text) => new(name, "test.vector", text);
}
