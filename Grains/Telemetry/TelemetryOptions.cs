using System.ComponentModel.DataAnnotations;

namespace Webhooks.Grains.Telemetry;

/// <summary>Who may read metrics, and what of a trace is told to receivers. Section <c>Webhooks:Telemetry</c>.</summary>
public sealed class TelemetryOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Webhooks:Telemetry";

    /// <summary>Bearer token that <c>/metrics</c> asks for, 16 to 1,024 characters; unset, the page is open.</summary>
    [StringLength(1024, MinimumLength = 16)]
    public string? MetricsToken { get; set; }

    /// <summary>Whether deliveries carry the header <c>traceparent</c> while traces are exported. Default false.</summary>
    public bool ForwardTraceparent { get; set; }
}
