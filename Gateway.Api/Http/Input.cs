using System.Text.Json;
using Webhooks.Grains.Interfaces;

namespace Webhooks.Gateway.Api.Http;

/// <summary>
/// The fields of a JSON object. A wrong type ends the reading with one fault; broken rules gather, and
/// <see cref="Check"/> throws them together. In a patch an absent field changes nothing; else it means its default.
/// </summary>
internal sealed class Input
{
    private readonly JsonElement _object;
    private readonly string[] _path;
    private readonly bool _patch;
    private readonly List<InputFault> _faults;

    public Input(JsonElement root, bool patch)
        : this(root, ["body"], patch, [])
    {
    }

    private Input(JsonElement element, string[] path, bool patch, List<InputFault> faults)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new InputException(new InputFault(path.Length == 1 ? ["body", "", ""] : path, "An object is expected.", InputFault.Undecodable));
        }

        _object = element;
        _path = path;
        _patch = patch;
        _faults = faults;
    }

    /// <summary>A field that must not be null, and outside a patch must be there.</summary>
    public Change<T> Required<T>(string name, Func<JsonElement, string, T> read) => Field(name, false, false, default!, read);

    /// <summary>A field with a default, which null does not mean.</summary>
    public Change<T> Defaulted<T>(string name, T fallback, Func<JsonElement, string, T> read) => Field(name, true, false, fallback, read);

    /// <summary>A field that may be null.</summary>
    public Change<T?> Optional<T>(string name, Func<JsonElement, string, T?> read) => Field(name, true, true, default, read);

    /// <summary>The first of two names of one field; both together are refused.</summary>
    public string OneOf(string name, string alias)
    {
        if (_object.TryGetProperty(name, out _) && _object.TryGetProperty(alias, out _))
        {
            throw Undecodable(alias, $"duplicate field `{name}`");
        }

        return _object.TryGetProperty(alias, out _) ? alias : name;
    }

    public bool Has(string name) => _object.TryGetProperty(name, out _);

    /// <summary>An object within.</summary>
    public Input? Object(string name) =>
        _object.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? new Input(value, [.. _path, name], _patch, _faults) : null;

    /// <summary>An object in a list within.</summary>
    public Input Item(JsonElement value, string location) => new(value, [.. _path, location], _patch, _faults);

    /// <summary>A rule is broken.</summary>
    public void Refuse(string message, params string[] location) => _faults.Add(new InputFault([.. _path, .. location], message, InputFault.Rule));

    /// <summary>Throws what has gathered.</summary>
    public void Check()
    {
        if (_faults.Count > 0)
        {
            throw new InputException(_faults);
        }
    }

    public string Text(JsonElement value, string name)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            throw Undecodable(name, "A string is expected.");
        }

        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Undecodable(name, "The string is not valid Unicode.");
        }
    }

    public bool Flag(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Undecodable(name, "A boolean is expected."),
    };

    public int Number(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : throw Undecodable(name, "An integer is expected.");

    public DateTimeOffset Time(JsonElement value, string name) =>
        QueryInput.TryReadTime(Text(value, name), out var time) ? time : throw Undecodable(name, "An RFC 3339 time with an offset is expected.");

    public IReadOnlyList<string> Texts(JsonElement value, string name)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            throw Undecodable(name, "A list is expected.");
        }

        var items = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, item) in value.EnumerateArray().Index())
        {
            var text = Text(item, $"{name}[{index}]");
            if (seen.Add(text))
            {
                items.Add(text);
            }
        }

        return items;
    }

    public IReadOnlyList<int> Numbers(JsonElement value, string name) => value.ValueKind == JsonValueKind.Array
        ? [.. value.EnumerateArray().Select((item, index) => Number(item, $"{name}[{index}]"))]
        : throw Undecodable(name, "A list is expected.");

    public IReadOnlyDictionary<string, string> Map(JsonElement value, string name)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Undecodable(name, "An object is expected.");
        }

        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject())
        {
            map[property.Name] = Text(property.Value, name + "." + property.Name);
        }

        return map;
    }

    public InputException Undecodable(string name, string message) =>
        new(new InputFault([.. _path, .. name.Split('.')], message, InputFault.Undecodable));

    private Change<T> Field<T>(string name, bool mayBeAbsent, bool mayBeNull, T fallback, Func<JsonElement, string, T> read)
    {
        if (!_object.TryGetProperty(name, out var value))
        {
            if (_patch)
            {
                return default;
            }

            return mayBeAbsent ? Change<T>.To(fallback) : throw Undecodable(name, $"missing field `{name}`");
        }

        if (value.ValueKind == JsonValueKind.Null)
        {
            return mayBeNull ? Change<T>.To(fallback) : throw Undecodable(name, "null is not allowed.");
        }

        return Change<T>.To(read(value, name));
    }
}
