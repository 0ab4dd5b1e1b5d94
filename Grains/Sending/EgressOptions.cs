namespace Webhooks.Grains.Sending;

/// <summary>Where deliveries may go. Section <c>Webhooks:Egress</c>. By default: https, and public addresses only.</summary>
public sealed class EgressOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Webhooks:Egress";

    /// <summary>Whether http is allowed beside https. Default false; true when the environment is Development.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>
    /// Subnets in CIDR form (<c>10.1.0.0/16</c>, <c>fd00::/8</c>) or single addresses that are allowed although they are not
    /// public. Default none; the loopback ones when the environment is Development.
    /// </summary>
    public IList<string> AllowedSubnets { get; set; } = [];
}
