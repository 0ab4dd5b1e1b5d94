namespace Webhooks.Faults.Builds;

/// <summary>What keeps a silo that was taken over from sending and writing on, taken out of the sources.</summary>
internal static class Unfenced
{
    private static readonly IReadOnlyList<Edit> s_edits =
    [
        // Outcomes are written under whatever epoch the cursor has.
        new("Grains/Storage/Postgres/PostgresCursorStore.cs", "cursors.epoch = c.epoch AND NOT cursors.deleted", "NOT cursors.deleted"),
        // A cursor is taken at once although a living silo holds it.
        new("Grains/Endpoints/EndpointGrain.Holding.cs", "var free = cursor.Owner is null || ", "var free = cursor.Epoch >= 0 || cursor.Owner is null || "),
        // Attempts start whether or not the store has shown this silo as a member lately.
        new("Grains/Hosting/SendGate.cs", "<= MaxAge", "<= TimeSpan.MaxValue"),
    ];

    /// <param name="folder">The sources.</param>
    /// <exception cref="ArgumentException">They have changed, and these edits have to follow.</exception>
    public static void Change(string folder)
    {
        foreach (var edit in s_edits)
        {
            edit.Apply(folder);
        }
    }
}
