using System.Globalization;

namespace Webhooks.Gateway.Api.Portal.Look;

/// <summary>Colours that texts can be read in: contrast as WCAG 2 counts it.</summary>
internal static class ReadableColor
{
    /// <summary>What WCAG asks of text at level AA.</summary>
    public const double Enough = 4.5;

    /// <summary>As <c>#rrggbb</c>, out of three or six digits with or without the mark; null for anything else.</summary>
    public static string? TryParse(string? text)
    {
        var digits = text?.TrimStart('#') ?? "";
        if (digits.Length == 3)
        {
            digits = string.Concat(digits.Select(static d => new string(d, 2)));
        }

        return digits.Length == 6 && digits.All(char.IsAsciiHexDigit) ? "#" + digits.ToLowerInvariant() : null;
    }

    /// <summary>The colour itself, or the nearest darker (on a light ground) or lighter one that can be read on the ground.</summary>
    public static string On(string color, string ground)
    {
        var goal = Luminance(ground) > 0.18 ? 0.0 : 255.0;
        for (var share = 0.0; share < 1; share += 0.02)
        {
            var mixed = Mix(color, goal, share);
            if (Contrast(mixed, ground) >= Enough)
            {
                return mixed;
            }
        }

        return goal == 0 ? "#000000" : "#ffffff";
    }

    /// <summary>White or black, whichever reads better on the colour.</summary>
    public static string TextOn(string color) => Contrast("#ffffff", color) >= Contrast("#000000", color) ? "#ffffff" : "#000000";

    public static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string color)
    {
        var (r, g, b) = Parts(color);
        return (0.2126 * Linear(r)) + (0.7152 * Linear(g)) + (0.0722 * Linear(b));

        static double Linear(double part) => part / 255 <= 0.04045 ? part / 255 / 12.92 : Math.Pow(((part / 255) + 0.055) / 1.055, 2.4);
    }

    private static string Mix(string color, double goal, double share)
    {
        var (r, g, b) = Parts(color);
        return "#" + Part(r) + Part(g) + Part(b);

        string Part(double part) => ((int)Math.Round(part + ((goal - part) * share))).ToString("x2", CultureInfo.InvariantCulture);
    }

    private static (double R, double G, double B) Parts(string color)
    {
        var number = int.Parse(color.AsSpan(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (number >> 16, (number >> 8) & 255, number & 255);
    }
}
