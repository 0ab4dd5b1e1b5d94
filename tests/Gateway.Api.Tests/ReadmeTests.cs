using System.Globalization;
using System.Text.RegularExpressions;
using Webhooks.Gateway.Api.Authentication;
using Webhooks.Gateway.Api.Http;
using Webhooks.Gateway.Api.Inbox;
using Webhooks.Gateway.Api.Portal;
using Webhooks.Grains.Health;
using Webhooks.Grains.Hosting;
using Webhooks.Grains.Retention;
using Webhooks.Grains.Sending;
using Webhooks.Grains.Storage;
using Webhooks.Grains.Telemetry;

namespace Webhooks.Gateway.Api.Tests;

/// <summary>The README's table of settings is what the code has.</summary>
public sealed partial class ReadmeTests
{
    private static readonly (string Section, object Defaults)[] Options =
    [
        (StoreOptions.Section, new StoreOptions()),
        (ClusterOptions.Section, new ClusterOptions()),
        (AuthOptions.Section, new AuthOptions()),
        (EgressOptions.Section, new EgressOptions()),
        (DeliveryOptions.Section, new DeliveryOptions()),
        (RetentionOptions.Section, new RetentionOptions()),
        (HealthOptions.Section, new HealthOptions()),
        (TelemetryOptions.Section, new TelemetryOptions()),
        (ConnectionOptions.Section, new ConnectionOptions()),
        (ApiOptions.Section, new ApiOptions()),
        (InboxOptions.Section, new InboxOptions()),
        (PortalOptions.Section, new PortalOptions()),
    ];

    // These come from keys that are older than the section.
    private static readonly string[] FromElsewhere = ["Webhooks__Store__ConnectionString", "Webhooks__Store__DataDirectory"];

    [Fact]
    public void Every_setting_has_a_row_and_every_row_is_a_setting()
    {
        var settings = Options
            .SelectMany(static o => o.Defaults.GetType().GetProperties().Where(static p => p.CanWrite).Select(p => o.Section.Replace(":", "__", StringComparison.Ordinal) + "__" + p.Name))
            .Except(FromElsewhere)
            .Append("Webhooks__DataDirectory");
        Assert.Equal(settings.Order(StringComparer.Ordinal), Rows().Select(static r => r.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_default_in_the_table_is_the_codes()
    {
        foreach (var (name, given) in Rows().Where(static r => r.Default.StartsWith('`') && r.Name != "Webhooks__DataDirectory"))
        {
            var parts = name.Split("__");
            var defaults = Options.Single(o => o.Section == parts[0] + ":" + parts[1]).Defaults;
            var value = Convert.ToString(defaults.GetType().GetProperty(parts[2])!.GetValue(defaults), CultureInfo.InvariantCulture);
            Assert.Equal((name, "`" + value + "`"), (name, given));
        }
    }

    private static List<(string Name, string Default)> Rows() =>
        [.. Row().Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "README.md"))).Select(static m => (m.Groups["name"].Value, m.Groups["default"].Value.Trim()))];

    [GeneratedRegex(@"^\| `(?<name>Webhooks__\w+?)(?:__0)?`[^|]*\|(?<default>[^|]*)\|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();
}
