using System.Globalization;

namespace Webhooks.Gateway.Api.Portal.Components.Shared;

/// <summary>Measures that charts share.</summary>
internal static class Chart
{
    public const int Width = 720;
    public const int Height = 162;
    public const int Plot = 160;

    public static string Text(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
