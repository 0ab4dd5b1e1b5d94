using System.Globalization;

namespace Webhooks.Gateway.Api.Portal.Calls;

/// <summary>Addresses below <c>/api/v1</c>, and of pages, whose parts come from people.</summary>
internal static class ApiPath
{
    /// <summary>The text with each part between braces escaped.</summary>
    public static string Of(FormattableString path) => string.Format(
        CultureInfo.InvariantCulture,
        path.Format,
        [.. path.GetArguments().Select(static part => (object)Uri.EscapeDataString(Convert.ToString(part, CultureInfo.InvariantCulture) ?? ""))]);

    /// <summary>With a parameter more, unless it is null or empty.</summary>
    public static string With(this string path, string name, string? value) =>
        string.IsNullOrEmpty(value) ? path : path + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + name + "=" + Uri.EscapeDataString(value);
}
