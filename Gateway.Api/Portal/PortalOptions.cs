using System.ComponentModel.DataAnnotations;

namespace Webhooks.Gateway.Api.Portal;

/// <summary>How the portal looks and who may embed it. Section <c>Webhooks:Portal</c>.</summary>
public sealed class PortalOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Webhooks:Portal";

    internal const string Itself = "'self'";

    /// <summary>Who may show the portal in a frame: sources of the policy <c>frame-ancestors</c>, separated by blanks. Default <c>'self'</c>.</summary>
    [Required]
    [RegularExpression(@"[^;,\s]+(?: [^;,\s]+)*", ErrorMessage = "Webhooks__Portal__FrameAncestors must be sources separated by single blanks, such as 'self' https://app.example.com.")]
    public string FrameAncestors { get; set; } = Itself;

    /// <summary>The colour of buttons and links on a light ground, <c>#rrggbb</c>. Made darker where it could not be read.</summary>
    [RegularExpression("#[0-9a-fA-F]{6}", ErrorMessage = "Webhooks__Portal__PrimaryColor must be of the form #rrggbb.")]
    public string PrimaryColor { get; set; } = "#2f54eb";

    /// <summary>The same on a dark ground. Made lighter where it could not be read.</summary>
    [RegularExpression("#[0-9a-fA-F]{6}", ErrorMessage = "Webhooks__Portal__PrimaryColorDark must be of the form #rrggbb.")]
    public string PrimaryColorDark { get; set; } = "#8fa8ff";

    /// <summary>Pages of this gateway that are told of attempts as they happen; further ones say that they are not. Default 2,000.</summary>
    [Range(1, 1_000_000)]
    public int LivePages { get; set; } = 2000;
}
