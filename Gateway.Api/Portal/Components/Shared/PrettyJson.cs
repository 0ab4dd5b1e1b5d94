using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Webhooks.Gateway.Api.Portal.Components.Shared;

/// <summary>JSON laid out for people. Whoever shows it escapes it.</summary>
internal static class PrettyJson
{
    private static readonly JsonWriterOptions Layout = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 2000 };

    public static string Of(JsonElement json)
    {
        try
        {
            return LayOut(json);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair is JSON, and no text.
            return json.GetRawText();
        }
    }

    /// <summary>The text itself when it is no JSON.</summary>
    public static string Of(string text)
    {
        if (text.TrimStart() is not ['{' or '[', ..])
        {
            return text;
        }

        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 1000 });
            return Of(json.RootElement);
        }
        catch (JsonException)
        {
            // Receivers answer what they like.
            return text;
        }
    }

    private static string LayOut(JsonElement json)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Layout))
        {
            json.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }
}
