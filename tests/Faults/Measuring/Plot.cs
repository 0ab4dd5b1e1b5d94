using System.Globalization;
using System.Text;

namespace Webhooks.Faults.Measuring;

/// <summary>One diagram of a drawing.</summary>
/// <param name="Series">Names, and a value per moment.</param>
internal sealed record Panel(string Title, IReadOnlyList<(string Name, IReadOnlyList<double> Values)> Series);

/// <summary>Lines over time, one panel below the other, as SVG.</summary>
internal static class Plot
{
    private const int Width = 800;
    private const int Height = 220;
    private const int Left = 60;
    private const int Right = 150;
    private const int Top = 30;
    private const int Bottom = 25;

    private static readonly string[] Colours = ["#1b6ca8", "#d1495b", "#2e8b57", "#b8860b", "#7b4fa3", "#444444", "#008b8b", "#c05000"];

    /// <param name="seconds">The moments.</param>
    public static string Draw(IReadOnlyList<double> seconds, IReadOnlyList<Panel> panels)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height * panels.Count}" font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="white"/>""");
        for (var number = 0; number < panels.Count; number++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"""<g transform="translate(0 {number * Height})">""");
            Draw(svg, seconds, panels[number]);
            svg.Append("</g>");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Draw(StringBuilder svg, IReadOnlyList<double> seconds, Panel panel)
    {
        var top = panel.Series.SelectMany(static series => series.Values).Where(double.IsFinite).DefaultIfEmpty(1).Max();
        top = top > 0 ? top : 1;
        var last = Math.Max(seconds[^1], 1);
        double X(double second) => Left + (second / last * (Width - Left - Right));
        double Y(double value) => Height - Bottom - (value / top * (Height - Top - Bottom));
        svg.Append(CultureInfo.InvariantCulture, $"""<text x="{Left}" y="18" font-weight="bold">{panel.Title}</text><text x="{Left - 5}" y="{Y(top) + 4}" text-anchor="end">{top:0.#}</text><text x="{Left - 5}" y="{Y(0)}" text-anchor="end">0</text>""");
        svg.Append(CultureInfo.InvariantCulture, $"""<path d="M{Left} {Top}V{Y(0)}H{X(last)}" fill="none" stroke="#888"/><text x="{X(last)}" y="{Height - 8}" text-anchor="end">{last / 60:0.#} min</text>""");
        for (var number = 0; number < panel.Series.Count; number++)
        {
            var (name, values) = panel.Series[number];
            var colour = Colours[number % Colours.Length];
            var points = seconds.Zip(values).Where(static point => double.IsFinite(point.Second))
                .Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.First):0.#},{Y(point.Second):0.#}"));
            svg.Append(CultureInfo.InvariantCulture, $"""<polyline points="{string.Join(' ', points)}" fill="none" stroke="{colour}" stroke-width="1.3"/><text x="{Width - Right + 8}" y="{Top + 10 + (number * 15)}" fill="{colour}">{name}</text>""");
        }
    }
}
