using System.Text.Json;
using Microsoft.Extensions.Options;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Matching;
using Webhooks.Grains.Signing;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>Reads endpoints from bodies.</summary>
internal sealed class EndpointInput(IOptions<ApiOptions> options)
{
    private const int MaxChannels = 10;
    private const int MaxScheduleSteps = 64;
    private const int MaxStepSeconds = 7 * 24 * 3600;
    private const int MostInFlight = 1024;

    public static string Spell(OrderingMode mode) => mode switch
    {
        OrderingMode.Key => "key",
        OrderingMode.None => "none",
        _ => "strict",
    };

    /// <exception cref="InputException">A rule is broken.</exception>
    public EndpointChange Read(Input input, bool takesSecret)
    {
        var types = input.OneOf("eventTypes", "filterTypes");
        var rate = input.Optional("throttleRate", (v, n) => (int?)input.Number(v, n));
        var oldRate = input.Optional("rateLimit", (v, n) => (int?)input.Number(v, n));
        var url = input.Required("url", input.Text);
        var normal = url.Value is null ? null : Rules.NormalizeUrl(url.Value);
        var change = new EndpointChange
        {
            Url = url.IsSet ? Change<string>.To(normal) : default,
            Description = input.Defaulted("description", "", input.Text),
            Uid = input.Optional("uid", (v, n) => (string?)input.Text(v, n)),
            ThrottleRate = rate.Value is null && oldRate.IsSet ? oldRate : rate,
            Version = input.Optional("version", (v, n) => (int?)input.Number(v, n)) is { IsSet: true } version ? Change<int>.To(version.Value ?? 1) : default,
            Disabled = input.Defaulted("disabled", false, input.Flag),
            EventTypes = input.Optional(types, (v, n) => (IReadOnlyList<string>?)input.Texts(v, n)),
            Channels = input.Optional("channels", (v, n) => (IReadOnlyList<string>?)input.Texts(v, n)),
            Secret = takesSecret ? input.Optional("secret", (v, n) => (string?)input.Text(v, n)) : default,
            Metadata = input.Optional("metadata", (v, n) => (IReadOnlyDictionary<string, string>?)input.Map(v, n)),
            // Not part of the replaced whole: headers have routes of their own.
            Headers = input.Has("headers") ? input.Optional("headers", (v, n) => (IReadOnlyDictionary<string, string>?)input.Map(v, n)) : default,
            Ordering = input.Defaulted("ordering", OrderingMode.Strict, (v, n) => Ordering(input, input.Text(v, n))),
            MaxInFlight = input.Optional("maxInFlight", (v, n) => (int?)input.Number(v, n)),
            RetrySchedule = input.Optional("retrySchedule", (v, n) => (IReadOnlyList<int>?)input.Numbers(v, n)),
            Filter = input.Optional("filter", (v, n) => Filter(input, v, n)),
        };

        if (url.IsSet && (normal is null || (options.Value.HttpsOnly && normal.StartsWith("http:", StringComparison.Ordinal))))
        {
            input.Refuse(normal is null ? "Must be an absolute http or https URL." : "Must be an https URL.", "url");
        }

        input.Label(change.Description.Value, "description");
        input.Uid(change.Uid.Value, EntityId.Endpoint);
        input.Rate(change.ThrottleRate.Value);
        input.TypeFilters(change.EventTypes.Value, "event_types");
        input.Names(change.Channels.Value, "channels", MaxChannels);
        input.Metadata(change.Metadata.Value);
        if (change.Version is { IsSet: true, Value: < 1 })
        {
            input.Refuse("Must be at least 1.", "version");
        }

        if (change.Secret.Value is { } secret && PublicKeys.Fault(secret) is { } fault)
        {
            input.Refuse(fault, "key");
        }

        foreach (var (name, value) in change.Headers.Value ?? new Dictionary<string, string>())
        {
            if (Rules.HeaderFault(name, value) is { } headerFault)
            {
                input.Refuse(headerFault, "headers", "__all__");
            }
        }

        if (change.MaxInFlight.Value is < 1 or > MostInFlight)
        {
            input.Refuse($"Must be 1 to {MostInFlight}.", "max_in_flight");
        }

        if (change.RetrySchedule.Value is { } schedule && (schedule.Count > MaxScheduleSteps || schedule.Any(static s => s is < 0 or > MaxStepSeconds)))
        {
            input.Refuse($"Must hold at most {MaxScheduleSteps} steps of 0 to {MaxStepSeconds} seconds.", "retry_schedule");
        }

        input.Check();
        return change;
    }

    /// <summary>A payload filter as its text; a fault is noted at the field.</summary>
    public static string? Filter(Input input, JsonElement value, string name)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw input.Undecodable(name, "An object is expected.");
        }

        if (PayloadFilter.Fault(value) is { } fault)
        {
            input.Refuse(fault, name);
            return null;
        }

        return value.GetRawText();
    }

    private static OrderingMode Ordering(Input input, string text) => text switch
    {
        "strict" => OrderingMode.Strict,
        "key" => OrderingMode.Key,
        "none" => OrderingMode.None,
        _ => throw input.Undecodable("ordering", "Must be strict, key or none."),
    };
}
