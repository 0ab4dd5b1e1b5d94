using Npgsql;
using Webhooks.Grains.Interfaces;

namespace Webhooks.Grains.Storage.Postgres;

/// <summary>The one place where a fault of PostgreSQL becomes one of ours.</summary>
internal static class PostgresErrors
{
    /// <summary>Runs a statement; faults of content and of the store come out as such, cancellation as itself.</summary>
    public static async Task<T> RunAsync<T>(Func<Task<T>> statement)
    {
        try
        {
            return await statement().ConfigureAwait(false);
        }
        catch (Exception error) when (Translate(error) is { } translated)
        {
            throw translated;
        }
    }

    private static Exception? Translate(Exception error) => error switch
    {
        PostgresException { SqlState: [.., _] state } e when IsContent(state) => new StoreContentException("PostgreSQL refused the content: " + e.MessageText, e),
        NpgsqlException or TimeoutException or IOException or System.Net.Sockets.SocketException => new StoreUnavailableException("PostgreSQL did not answer: " + error.Message, error),
        ObjectDisposedException => new StoreUnavailableException("The connections to PostgreSQL are closed.", error),
        // What the library itself did not expect of the server; it has dropped the connection.
        { Source: "Npgsql" } => new StoreUnavailableException("The connection to PostgreSQL broke: " + error.Message, error),
        _ => null,
    };

    /// <summary>Data exception, integrity violation, program limit: the same content would be refused again.</summary>
    private static bool IsContent(string state) =>
        state.StartsWith("22", StringComparison.Ordinal) || state.StartsWith("23", StringComparison.Ordinal) || state.StartsWith("54", StringComparison.Ordinal);
}
