namespace Webhooks.Telemetry.Tests.Harness;

/// <summary>What a span is to its trace, as OTLP numbers it.</summary>
internal enum SpanKind
{
    Internal = 1,
    Server = 2,
    Client = 3,
}

/// <summary>A span as it was exported.</summary>
/// <param name="Parent">Id of its parent; empty for a root.</param>
/// <param name="Links">Traces and spans that it is linked to.</param>
internal sealed record Span(
    string Service,
    string Scope,
    string Trace,
    string Id,
    string Parent,
    string Name,
    SpanKind Kind,
    IReadOnlyDictionary<string, string> Attributes,
    IReadOnlyList<(string Trace, string Id)> Links)
{
    public string Attribute(string name) => Attributes.GetValueOrDefault(name, "");

    /// <summary>The spans of an ExportTraceServiceRequest.</summary>
    public static IEnumerable<Span> Read(ReadOnlyMemory<byte> request)
    {
        foreach (var resource in new ProtoMessage(request).Messages(1))
        {
            var service = ReadAttributes(resource.Message(1), 1)["service.name"];
            foreach (var scope in resource.Messages(2))
            {
                foreach (var span in scope.Messages(2))
                {
                    yield return new Span(
                        service,
                        scope.Message(1).Text(1),
                        span.Hex(1),
                        span.Hex(2),
                        span.Hex(4),
                        span.Text(5),
                        (SpanKind)span.Number(6),
                        ReadAttributes(span, 9),
                        [.. span.Messages(13).Select(static link => (link.Hex(1), link.Hex(2)))]);
                }
            }
        }
    }

    private static Dictionary<string, string> ReadAttributes(ProtoMessage of, int number) =>
        of.Messages(number).ToDictionary(static pair => pair.Text(1), static pair => ReadValue(pair.Message(2)));

    private static string ReadValue(ProtoMessage value) => value.Has(1) ? value.Text(1) : value.Number(3).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
