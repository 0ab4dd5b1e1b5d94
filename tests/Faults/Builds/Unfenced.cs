namespace Webhooks.Faults.Builds;

/// <summary>What keeps a silo that was taken over from sending and writing on, taken out of the sources.</summary>
internal static class Unfenced
{
    private const string EndOfSilo = "        });\n    }\n\n    /// <summary>A client of the cluster's silos.</summary>";
    private const string Name = "public const string ConnectionStringName = \"Webhooks\";";

    private static readonly IReadOnlyList<Edit> s_edits =
    [
        // Outcomes are written under whatever epoch the cursor has.
        new("Grains/Storage/Postgres/PostgresCursorStore.cs", "cursors.epoch = c.epoch AND NOT cursors.deleted", "NOT cursors.deleted"),
        // A cursor is taken at once although a living silo holds it.
        new("Grains/Endpoints/EndpointGrain.Holding.cs", "var free = cursor.Owner is null || ", "var free = cursor.Epoch >= 0 || cursor.Owner is null || "),
        // Attempts start whether or not the store has shown this silo as a member lately.
        new("Grains/Hosting/SendGate.cs", "<= MaxAge", "<= TimeSpan.MaxValue"),
        new("Grains/Hosting/SendGate.cs", "Close() => Volatile.Write(ref _seen, false)", "Close() => Volatile.Write(ref _seen, true)"),
        // An endpoint goes on sending while what it has sent is not written.
        new(
            "Grains/Endpoints/EndpointGrain.Sending.cs",
            "> TimeSpan.FromSeconds(services.Options.UncommittedSeconds)",
            "> TimeSpan.FromHours(services.Options.UncommittedSeconds)"),
        // A silo that reads of its own death goes on.
        new("Grains/Hosting/WebhooksHosting.cs", EndOfSilo, $"        }});\n        builder.Services.AddSingleton<Orleans.Runtime.IFatalErrorHandler, Undying>();{EndOfSilo[11..]}"),
        new("Grains/Hosting/WebhooksHosting.cs", Name, $$"""
            {{Name}}

            private sealed class Undying : Orleans.Runtime.IFatalErrorHandler
            {
                public bool IsUnexpected(Exception exception) => false;

                public void OnFatalException(object? sender, string? context, Exception? exception) => Console.WriteLine($"Goes on: {context}");
            }
            """),
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
