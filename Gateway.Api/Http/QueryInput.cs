using System.Globalization;
using Webhooks.Grains.Interfaces;

namespace Webhooks.Gateway.Api.Http;

/// <summary>Query parameters: what cannot be read is 400, what breaks a rule is 422.</summary>
internal static class QueryInput
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 250;

    /// <summary>Limit, iterator and order. A null prefix: the iterator is a name.</summary>
    public static PageRequest Page(HttpRequest request, string? prefix, bool descending, bool mayOrder)
    {
        var limit = DefaultLimit;
        if (request.Query["limit"].FirstOrDefault() is { } limitText && !int.TryParse(limitText, NumberStyles.None, CultureInfo.InvariantCulture, out limit))
        {
            throw ApiException.BadQuery("limit is not a number.");
        }

        if (limit > MaxLimit)
        {
            throw Rule("limit", $"Must not exceed {MaxLimit}.");
        }

        if (request.Query["order"].FirstOrDefault() is { } order)
        {
            var asked = order switch
            {
                "ascending" => false,
                "descending" => true,
                _ => throw ApiException.BadQuery("order is ascending or descending."),
            };
            descending = mayOrder ? asked : descending;
        }

        var iterator = request.Query["iterator"].FirstOrDefault();
        if (string.IsNullOrEmpty(iterator))
        {
            return new PageRequest(limit, null, false, descending);
        }

        var backwards = iterator[0] == '-';
        var item = backwards ? iterator[1..] : iterator;
        if (prefix is null ? !Rules.IsName(item) : !EntityId.TryParse(prefix, item, out _))
        {
            throw Rule("iterator", "Not an iterator of this list.");
        }

        return new PageRequest(limit, item, backwards, descending);
    }

    public static bool Flag(HttpRequest request, string name, bool fallback) => request.Query[name].FirstOrDefault() switch
    {
        null => fallback,
        "true" => true,
        "false" => false,
        _ => throw ApiException.BadQuery($"{name} is true or false."),
    };

    /// <summary>A number out of few.</summary>
    public static int? OneOf(HttpRequest request, string name, int[] known)
    {
        if (request.Query[name].FirstOrDefault() is not { } text)
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && known.Contains(number)
            ? number
            : throw ApiException.BadQuery($"{name} is one of {string.Join(", ", known)}.");
    }

    /// <summary>A word out of few.</summary>
    public static string? OneOf(HttpRequest request, string name, string[] known)
    {
        var text = request.Query[name].FirstOrDefault();
        return text is null || known.Contains(text) ? text : throw ApiException.BadQuery($"{name} is one of {string.Join(", ", known)}.");
    }

    public static DateTimeOffset? Time(HttpRequest request, string name)
    {
        if (request.Query[name].FirstOrDefault() is not { Length: > 0 } text)
        {
            return null;
        }

        text = text.EndsWith(" UTC", StringComparison.Ordinal) ? text[..^4] + "Z" : text;
        return TryReadTime(text, out var time) ? time : throw ApiException.BadQuery($"{name} is not a time.");
    }

    /// <summary>RFC 3339 with an offset; a blank may stand for the T.</summary>
    public static bool TryReadTime(string text, out DateTimeOffset time)
    {
        time = default;
        var hasZone = text.EndsWith('Z') || text.EndsWith('z') || (text.Length > 6 && text[^6] is '+' or '-');
        return hasZone && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }

    /// <summary>A parameter that is a name: a channel, a tag.</summary>
    public static string? Name(HttpRequest request, string parameter)
    {
        var name = request.Query[parameter].FirstOrDefault();
        return name is null || Rules.IsName(name) ? name : throw Rule(parameter, "Must be 1 to 256 of a-z A-Z 0-9 - _ .");
    }

    /// <summary>A comma list, a repeated key, <c>event_types[]</c> or <c>event_types[0]</c>.</summary>
    public static IReadOnlyList<string>? EventTypes(HttpRequest request)
    {
        var names = request.Query
            .Where(static q => q.Key == "event_types" || (q.Key.StartsWith("event_types[", StringComparison.Ordinal) && q.Key.EndsWith(']')))
            .SelectMany(static q => q.Value)
            .SelectMany(static v => (v ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
            .ToList();
        if (names.Find(static n => !Rules.IsName(n)) is not null)
        {
            throw Rule("event_types", "Not an event type's name.");
        }

        return names.Count == 0 ? null : names;
    }

    private static InputException Rule(string name, string message) => new(new InputFault(["query", name, name], message, InputFault.Rule));
}
