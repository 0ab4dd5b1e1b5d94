using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Hosting;

namespace Webhooks.Grains.Hosting;

/// <summary>What a process logs when nothing else is configured: its own events and the libraries' warnings, not each of their calls.</summary>
public static class LoggingDefaults
{
    private static readonly Dictionary<string, string?> Levels = new()
    {
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:Microsoft"] = "Warning",
        ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Information",
        ["Logging:LogLevel:Orleans"] = "Warning",
        // Its first check measures from the machine's start and warns of hours at every start of a silo.
        ["Logging:LogLevel:Orleans.Runtime.Watchdog"] = "Error",
        // Its pages say so already, each time they are asked.
        ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = "None",
        ["Logging:LogLevel:Polly"] = "Warning",
    };

    /// <summary>Puts the levels below every other source of configuration: each is a setting away.</summary>
    public static void AddLoggingDefaults(this IHostApplicationBuilder builder) =>
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Levels });
}
