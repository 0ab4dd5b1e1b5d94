namespace Webhooks.Faults.Builds;

/// <summary>A version to come, made of a revision: the same programs with one more schema change, of the kinds that are allowed.</summary>
internal static class NextSchema
{
    private const string Folder = "Grains/Storage/Postgres/Schema";

    private const string Script = """
        ALTER TABLE messages ADD COLUMN to_come text;
        ALTER TABLE cursors ADD COLUMN to_come bigint NOT NULL DEFAULT 0;
        ALTER TABLE attempts ADD COLUMN to_come integer;
        CREATE TABLE to_come (application uuid NOT NULL, seq bigint NOT NULL, PRIMARY KEY (application, seq));
        CREATE INDEX cursors_to_come ON cursors (to_come) WHERE to_come > 0;
        """;

    /// <param name="folder">The sources.</param>
    public static void Change(string folder)
    {
        var scripts = Path.Combine(folder, Folder);
        var last = Directory.GetFiles(scripts, "*.sql").Max(static file => int.Parse(Path.GetFileName(file).AsSpan(0, 3), System.Globalization.CultureInfo.InvariantCulture));
        File.WriteAllText(Path.Combine(scripts, $"{last + 1:000}_to_come.sql"), Script);
    }
}
