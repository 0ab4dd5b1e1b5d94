using System.Collections.Immutable;
using System.Globalization;

namespace Webhooks.Tests.Shared.Processes;

/// <summary>Settings of a process, as environment variables.</summary>
public static class Settings
{
    // A failed delivery is due again after a second, twenty times: nothing is given up during a test.
    private const int RetrySteps = 20;

    public static ImmutableDictionary<string, string> Empty { get; } = ImmutableDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>What every process of a test has in common: the token secret, and that it may deliver to this machine.</summary>
    public static ImmutableDictionary<string, string> Common { get; } = Empty
        .With("Webhooks__Auth__JwtSecret", Tokens.Secret)
        .With("Webhooks__Egress__AllowHttp", "true")
        .With("Webhooks__Egress__AllowedSubnets__0", "127.0.0.0/8")
        .With(Enumerable.Range(0, RetrySteps).ToImmutableDictionary(step => $"Webhooks__Delivery__RetrySchedule__{step}", _ => "1"));

    /// <summary>A gateway with everything in it, with its files in <paramref name="dataFolder"/>.</summary>
    public static ImmutableDictionary<string, string> Standalone(string dataFolder) => Common
        .With("Webhooks__DataDirectory", dataFolder)
        .With(OwnPorts());

    /// <summary>The store of all processes of a cluster.</summary>
    public static ImmutableDictionary<string, string> Postgres(PostgresServer server) =>
        Empty.With("ConnectionStrings__Webhooks", server.ConnectionString);

    /// <summary>Ports of a silo that nobody else on this machine uses, on its loopback address.</summary>
    public static ImmutableDictionary<string, string> OwnPorts() => Empty
        .With("Webhooks__Cluster__SiloPort", Text(FreePort.Next()))
        .With("Webhooks__Cluster__GatewayPort", Text(FreePort.Next()))
        .With("Webhooks__Cluster__HealthPort", Text(FreePort.Next()))
        .With("Webhooks__Cluster__AdvertisedAddress", "127.0.0.1");

    public static ImmutableDictionary<string, string> With(this ImmutableDictionary<string, string> settings, string name, string value) =>
        settings.SetItem(name, value);

    public static ImmutableDictionary<string, string> With(this ImmutableDictionary<string, string> settings, ImmutableDictionary<string, string> others) =>
        settings.SetItems(others);

    public static ImmutableDictionary<string, string> Without(this ImmutableDictionary<string, string> settings, string name) =>
        settings.Remove(name);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
