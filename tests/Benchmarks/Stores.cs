using Webhooks.Tests.Shared;

namespace Webhooks.Benchmarks;

/// <summary>The stores that a benchmark runs on, each time a fresh one.</summary>
internal static class Stores
{
    /// <param name="only">One store by its name; null for both.</param>
    public static IEnumerable<string> Named(string? only) =>
        new[] { "SQLite", "PostgreSQL" }.Where(name => only is null || name.Equals(only, StringComparison.OrdinalIgnoreCase));

    /// <summary>Null for SQLite.</summary>
    public static async Task<string?> FreshAsync(PostgresServer postgres, string name) =>
        name == "SQLite" ? null : await postgres.CreateDatabaseAsync();
}
