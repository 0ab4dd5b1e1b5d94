using System.Text;

namespace Webhooks.Telemetry.Tests.Harness;

/// <summary>A trace in words, for messages of failed tests.</summary>
internal static class TraceTree
{
    private const int Shown = 80;

    public static string Describe(IEnumerable<Span> trace)
    {
        var all = trace.ToList();
        var text = new StringBuilder();
        foreach (var root in all.Where(s => !all.Exists(other => other.Id == s.Parent)))
        {
            Describe(root, all, text, 0);
        }

        return text.ToString();
    }

    private static string Shorten(string value) => value.Length <= Shown ? value : value[..Shown].ReplaceLineEndings(" ") + "…";

    private static void Describe(Span span, List<Span> all, StringBuilder text, int depth)
    {
        text.Append(' ', depth * 2).Append(span.Service).Append(' ').Append(span.Scope).Append(' ').Append(span.Kind).Append(": ").Append(span.Name)
            .Append(" {").AppendJoin(", ", span.Attributes.Select(static a => a.Key + "=" + Shorten(a.Value))).Append("} ").Append(span.Links.Count).AppendLine(" links");
        foreach (var child in all.Where(s => s.Parent == span.Id))
        {
            Describe(child, all, text, depth + 1);
        }
    }
}
