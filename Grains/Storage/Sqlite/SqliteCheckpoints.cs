using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Webhooks.Grains.Storage.Sqlite;

/// <summary>
/// Moves what was committed from the write-ahead log into the database, on a thread and a connection of its own: left to
/// the writer, each round makes every publish behind it wait for the disk, some 20 ms a second under load.
/// </summary>
/// <remarks>
/// A round copies what was in the log when it began; the writer goes on meanwhile, so that the log never ends by this
/// alone. Past <see cref="LogPages"/> the writer is told to copy the little that is left, after which it begins at the log's start.
/// See https://www.sqlite.org/wal.html, sections 2.2 and 2.3 (passive checkpoints, and when the log is reset).
/// </remarks>
internal sealed partial class SqliteCheckpoints : IDisposable
{
    /// <summary>Pages in the log from which on the writer finishes a round: 128 MiB.</summary>
    private const int LogPages = 32_768;

    // Some thousand pages under load; at rest a round has little to do.
    private const int CommitsPerRound = 256;

    private readonly Func<SqliteSession> _open;
    private readonly ILogger _logger;
    private readonly Channel<bool> _due = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Task _running;
    private int _commits;
    private volatile bool _finish;

    public SqliteCheckpoints(Func<SqliteSession> open, ILogger logger)
    {
        _open = open;
        _logger = logger;
        _running = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Called by the writer after each commit, between transactions; false when its session is of no use any more.</summary>
    public bool Committed(SqliteSession writer)
    {
        // Before the next round is asked for: two at once would be in each other's way.
        var isOfUse = !_finish || TryFinish(writer);
        if (++_commits >= CommitsPerRound)
        {
            _commits = 0;
            _due.Writer.TryWrite(true);
        }

        return isOfUse;
    }

    /// <summary>Ends after the round in progress.</summary>
    public void Dispose()
    {
        _due.Writer.TryComplete();
        // The writer's own thread waits here, which has nothing else to do, for one that needs nobody else to end.
        _running.GetAwaiter().GetResult();
    }

    // Its answer: whether something was in the way, pages in the log, pages copied.
    private static int Checkpoint(SqliteSession session) => session.First("PRAGMA wal_checkpoint(PASSIVE)", static r => r.GetInt32(1));

    private bool TryFinish(SqliteSession writer)
    {
        _finish = false;
        try
        {
            Checkpoint(writer);
            return true;
        }
        catch (SqliteException error)
        {
            // Nothing of a commit depends on it.
            Log.NotMoved(_logger, error);
            return false;
        }
    }

    private void Run()
    {
        SqliteSession? session = null;
        // This is its own thread: there is nothing else for it to do.
        while (_due.Reader.WaitToReadAsync().AsTask().Result)
        {
            _due.Reader.TryRead(out _);
            try
            {
                session ??= _open();
                if (Checkpoint(session) > LogPages)
                {
                    // What came during the first round, and then during the second: the less is left, the shorter the writer waits.
                    Checkpoint(session);
                    Checkpoint(session);
                    _finish = true;
                }
            }
            catch (SqliteException error)
            {
                // The log grows meanwhile; the writer's own limit is the last net.
                Log.NotMoved(_logger, error);
                session?.Dispose();
                session = null;
            }
        }

        session?.Dispose();
    }

    private static partial class Log
    {
        [LoggerMessage(1421, LogLevel.Warning, "The write-ahead log was not moved into the database; it is tried again")]
        public static partial void NotMoved(ILogger logger, Exception error);
    }
}
