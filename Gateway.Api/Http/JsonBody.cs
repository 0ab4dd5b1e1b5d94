using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Webhooks.Gateway.Api.Http;

/// <summary>An answer written straight as JSON.</summary>
internal sealed class JsonBody(int status, Action<Utf8JsonWriter> write) : IResult
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 10_064,
        SkipValidation = true,
    };

    public int Status => status;

    public async Task ExecuteAsync(HttpContext httpContext) => await new Reply(status, Render()).ExecuteAsync(httpContext);

    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> Render()
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            write(writer);
        }

        return buffer.WrittenMemory;
    }

    public static JsonBody Error(int status, string code, string detail) => new(status, json =>
    {
        json.WriteStartObject();
        json.WriteString("code", code);
        json.WriteString("detail", detail);
        json.WriteEndObject();
    });

    public static JsonBody Faults(IReadOnlyList<InputFault> faults) => new(422, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("detail");
        foreach (var fault in faults)
        {
            json.WriteStartObject();
            json.WriteStartArray("loc");
            foreach (var part in fault.Location)
            {
                json.WriteStringValue(part);
            }

            json.WriteEndArray();
            json.WriteString("msg", fault.Message);
            json.WriteString("type", fault.Type);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}

/// <summary>An answer whose JSON is at hand; an empty body is none.</summary>
internal sealed class Reply(int status, ReadOnlyMemory<byte> body) : IResult
{
    public static Reply NoContent { get; } = new(204, default);

    public int Status => status;

    public ReadOnlyMemory<byte> Body => body;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        if (body.IsEmpty)
        {
            return;
        }

        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(httpContext.Request.Method))
        {
            await response.BodyWriter.WriteAsync(body, httpContext.RequestAborted);
        }
    }
}

/// <summary>Values in the contract's spelling.</summary>
internal static class JsonValues
{
    public static string Timestamp(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    public static void WriteTime(this Utf8JsonWriter json, string name, DateTimeOffset time) => json.WriteString(name, Timestamp(time));

    public static void WriteNumberOrNull(this Utf8JsonWriter json, string name, int? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    public static void WriteMap(this Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string> map)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in map)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    public static void WriteListOrNull(this Utf8JsonWriter json, string name, IReadOnlyList<string>? list)
    {
        if (list is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartArray(name);
        foreach (var item in list)
        {
            json.WriteStringValue(item);
        }

        json.WriteEndArray();
    }
}
