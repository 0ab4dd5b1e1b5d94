using System.ComponentModel.DataAnnotations;

namespace Webhooks.Grains.Storage;

/// <summary>Where the store is. Section <c>Webhooks</c>, and the connection string <c>Webhooks</c>.</summary>
public sealed class StoreOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Webhooks:Store";

    /// <summary>PostgreSQL connection string; null for embedded SQLite. From <c>ConnectionStrings:Webhooks</c>.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Folder of the SQLite files. From <c>Webhooks:DataDirectory</c>; default <c>orleans-webhooks</c> in the user's local application data.</summary>
    public string DataDirectory { get; set; } = "";

    /// <summary>Time limit of one statement, seconds. Default 2.</summary>
    [Range(1, 60)]
    public int StatementTimeoutSeconds { get; set; } = 2;

    /// <summary>Seconds without an answer after which the store counts as out of order: calls are answered 503 at once until it answers. Default 1.</summary>
    [Range(0.2, 60)]
    public double SilenceSeconds { get; set; } = 1;

    /// <summary>Connections that commit, per silo. Default 4.</summary>
    [Range(1, 64)]
    public int WriteConnections { get; set; } = 4;

    /// <summary>Connections that read, per silo. Default 8.</summary>
    [Range(1, 256)]
    public int ReadConnections { get; set; } = 8;
}
