using System.Text;
using Microsoft.Data.Sqlite;
using Webhooks.Grains.Interfaces;

namespace Webhooks.Grains.Storage.Sqlite;

/// <summary>The one place where a fault of SQLite becomes one of ours.</summary>
internal static class SqliteErrors
{
    private const int Constraint = 19;
    private const int Mismatch = 20;
    private const int TooBig = 18;

    public static Exception Translate(Exception error) => error switch
    {
        SqliteException { SqliteErrorCode: Constraint or Mismatch or TooBig } => new StoreContentException("SQLite refused the content: " + error.Message, error),
        SqliteException or IOException => new StoreUnavailableException("SQLite did not answer: " + error.Message, error),
        EncoderFallbackException => new StoreContentException("A text is not valid Unicode.", error),
        _ => error,
    };

    /// <summary>Whether a unique index or key refused the row.</summary>
    public static bool IsTaken(StoreContentException error) => error.InnerException is SqliteException { SqliteExtendedErrorCode: 2067 or 1555 };
}
