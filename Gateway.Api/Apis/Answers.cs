using System.Text.Json;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Interfaces;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>From grains' answers to HTTP's.</summary>
internal static class Answers
{
    /// <summary>The value, or the refusal as the contract's error.</summary>
    public static T OrThrow<T>(this Answer<T> answer)
        where T : class
    {
        if (answer.Refusal is not { } refusal)
        {
            return answer.Value!;
        }

        throw refusal.Kind switch
        {
            RefusalKind.NotFound => ApiException.NotFound(refusal.Detail),
            RefusalKind.Conflict => new ApiException(409, refusal.Code, refusal.Detail),
            RefusalKind.Invalid when refusal.Code is "limit_reached" or "missing_payload" => new ApiException(400, refusal.Code, refusal.Detail),
            RefusalKind.Overloaded => new ApiException(503, refusal.Code, refusal.Detail, 1),
            _ => new InputException(new InputFault(refusal.Field is null ? ["body"] : ["body", refusal.Field], refusal.Detail, InputFault.Rule)),
        };
    }

    /// <summary>A page in the contract's shape.</summary>
    public static JsonBody List<T>(Page<T> page, Func<T, string> iterator, Action<Utf8JsonWriter, T> write) => new(200, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("data");
        foreach (var item in page.Items)
        {
            write(json, item);
        }

        json.WriteEndArray();
        if (page.Items.Count == 0)
        {
            json.WriteNull("iterator");
        }
        else
        {
            json.WriteString("iterator", iterator(page.Items[^1]));
            json.WriteString("prevIterator", "-" + iterator(page.Items[0]));
        }

        json.WriteBoolean("done", !page.HasMore);
        json.WriteEndObject();
    });
}
