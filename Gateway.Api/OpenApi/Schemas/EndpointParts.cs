using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Webhooks.Gateway.Api.OpenApi.Schemas;

[Description("An endpoint's signing key.")]
internal sealed record EndpointSecretOut
{
    [Description("`whsec_…`, or of an Ed25519 key only the public half, `whpk_…`.")]
    public required string Key { get; init; }
}

[Description("How to change the signing key.")]
internal sealed record EndpointSecretRotateIn
{
    [Description("The new key, `whsec_…` or `whsk_…`. Generated when absent or null.")]
    public string? Key { get; init; }

    [Description("How long the old key keeps signing beside the new one, in seconds: 0 to 604800, a week. Null means a day.")]
    [Range(0, 604800)]
    [DefaultValue(86400)]
    public int? GracePeriodSeconds { get; init; }
}

[Description("Headers that replace all of an endpoint's.")]
internal sealed record EndpointHeadersIn
{
    [Description("Values by name. Names that the delivery itself needs (`content-type`, `user-agent`, `webhook-…`, `svix-…` and others) are refused; values are up to 4096 bytes of ASCII.")]
    public required Dictionary<string, string> Headers { get; init; }
}

[Description("Changes to an endpoint's headers.")]
internal sealed record EndpointHeadersPatchIn
{
    [Description("Values by name; null removes a header. Others stay.")]
    [NullableValues]
    public required Dictionary<string, string> Headers { get; init; }
}

[Description("Headers that every delivery to an endpoint carries.")]
internal sealed record EndpointHeadersOut
{
    [Description("Values by name, without those that hold credentials.")]
    public required Dictionary<string, string> Headers { get; init; }

    [Description("Names of the headers whose values are withheld.")]
    public required List<string> Sensitive { get; init; }
}

[Description("Which example to send.")]
internal sealed record EventExampleIn
{
    [Description("The event type whose example is sent; `svix.ping` is always there.")]
    [NameRule]
    public required string EventType { get; init; }
}

[Description("An endpoint's attempts in a stretch of time, counted by how they ended.")]
internal sealed record EndpointStats
{
    [Description("Attempts that were answered with success.")]
    public required long Success { get; init; }

    [Description("Attempts that wait.")]
    public required long Pending { get; init; }

    [Description("Attempts under way.")]
    public required long Sending { get; init; }

    [Description("Attempts that failed.")]
    public required long Fail { get; init; }

    [Description("Always 0.")]
    public required long Canceled { get; init; }
}

[Description("An endpoint's attempts over time.")]
[Ours]
internal sealed record EndpointSeriesOut
{
    [Description("Stretches of equal length, the oldest first; the last one is under way.")]
    public required IReadOnlyList<EndpointSeriesPart> Data { get; init; }
}

[Description("Attempts of a stretch of time.")]
[Ours]
internal sealed record EndpointSeriesPart
{
    [Description("When it begins.")]
    public required DateTimeOffset Start { get; init; }

    [Description("Attempts that were answered with success.")]
    public required long Success { get; init; }

    [Description("Attempts that failed.")]
    public required long Fail { get; init; }

    [Description("Milliseconds that the receiver took, the median; null without attempts.")]
    public required int? MedianMs { get; init; }

    [Description("Milliseconds that the receiver took, the 95th percentile; null without attempts.")]
    public required int? P95Ms { get; init; }
}
