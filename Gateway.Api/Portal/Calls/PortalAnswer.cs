using System.Text.Json;

namespace Webhooks.Gateway.Api.Portal.Calls;

/// <summary>What the API answered to a page.</summary>
internal sealed class PortalAnswer
{
    private static readonly JsonSerializerOptions Reading = new(JsonSerializerDefaults.Web) { MaxDepth = 2000 };

    private readonly JsonElement _body;

    public PortalAnswer(int status, JsonElement body)
    {
        Status = status;
        _body = body;
        FieldFaults = ReadFaults(status, body);
    }

    public int Status { get; }

    public bool Ok => Status is >= 200 and < 300;

    public bool IsMissing => Status == StatusCodes.Status404NotFound;

    /// <summary>The body, when there is one.</summary>
    public JsonElement Json => _body;

    /// <summary>What is wrong with fields, by the API's names of them in camel case; empty name for what belongs to none.</summary>
    public IReadOnlyDictionary<string, string> FieldFaults { get; }

    /// <summary>What is wrong with a field; null when nothing is.</summary>
    public string? FaultOf(string field) => FieldFaults.GetValueOrDefault(field);

    /// <summary>What went wrong, for people.</summary>
    public string Words => Status switch
    {
        StatusCodes.Status401Unauthorized => "The session has ended. Sign in again.",
        StatusCodes.Status403Forbidden => Detail ?? "This token may not do that.",
        StatusCodes.Status404NotFound => "It is not there, or this sign-in may not see it.",
        StatusCodes.Status422UnprocessableEntity => FieldFaults.Count == 0 ? "The input is not valid." : string.Join(" ", FieldFaults.Values.Distinct()),
        StatusCodes.Status503ServiceUnavailable => "The system does not answer at the moment. Nothing is lost; try again in a moment.",
        >= 500 => "Something went wrong on the server. Try again; if it stays like this, tell whoever runs it.",
        _ => Detail ?? "That did not work.",
    };

    /// <summary>The body as a record.</summary>
    public T Read<T>() => _body.Deserialize<T>(Reading) ?? throw new JsonException("The answer is empty.");

    private string? Detail =>
        _body.ValueKind == JsonValueKind.Object && _body.TryGetProperty("detail", out var detail) && detail.ValueKind == JsonValueKind.String ? detail.GetString() : null;

    private static Dictionary<string, string> ReadFaults(int status, JsonElement body)
    {
        var faults = new Dictionary<string, string>(StringComparer.Ordinal);
        if (status != StatusCodes.Status422UnprocessableEntity || !body.TryGetProperty("detail", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            return faults;
        }

        foreach (var fault in list.EnumerateArray())
        {
            var field = fault.GetProperty("loc").EnumerateArray().Skip(1).Select(static part => part.GetString()).FirstOrDefault() ?? "";
            var words = fault.GetProperty("msg").GetString() ?? "";
            var name = Camel(field);
            faults[name] = faults.TryGetValue(name, out var before) && before != words ? before + " " + words : words;
        }

        return faults;
    }

    private static string Camel(string snake)
    {
        var parts = snake.Split('_', StringSplitOptions.RemoveEmptyEntries);
        return string.Concat(parts.Select(static (part, i) => i == 0 ? part : char.ToUpperInvariant(part[0]) + part[1..]));
    }
}
