using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Webhooks.Grains.Interfaces;

namespace Webhooks.Grains.Storage.Sqlite;

/// <summary>
/// The file of a standalone process. One thread writes: what is queued when it comes by shares one commit, each piece
/// behind a savepoint of its own, so that one that is refused takes nothing with it. Reads run beside it, in short.
/// </summary>
internal sealed class SqliteStore : IAsyncDisposable
{
    private const string FileName = "webhooks.db";
    private const int MaxQueued = 4096;
    private const int MaxTogether = 256;

    private sealed record Work(Func<SqliteSession, object?> Run, TaskCompletionSource<object?> Done)
    {
        public object? Result { get; set; }

        public Exception? Fault { get; set; }
    }

    private readonly StoreOptions _options;
    private readonly ILogger _logger;
    private readonly Channel<Work> _queue = Channel.CreateBounded<Work>(new BoundedChannelOptions(MaxQueued) { SingleReader = true });
    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private readonly SemaphoreSlim _readers;
    private readonly Lock _lock = new();
    private Task? _writer;
    private FileStream? _lockFile;

    public SqliteStore(IOptions<StoreOptions> options, ILogger<SqliteStore> logger)
    {
        _options = options.Value;
        _logger = logger;
        _readers = new SemaphoreSlim(_options.ReadConnections);
    }

    public string ConnectionString => new SqliteConnectionStringBuilder
    {
        DataSource = Path.Combine(_options.DataDirectory, FileName),
        Pooling = false,
        DefaultTimeout = _options.StatementTimeoutSeconds,
    }.ToString();

    /// <summary>Makes the folder and holds it for this process alone.</summary>
    /// <exception cref="InvalidOperationException">Another process holds it.</exception>
    public void LockDirectory()
    {
        lock (_lock)
        {
            if (_lockFile is not null)
            {
                return;
            }

            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(_options.DataDirectory);
            }
            else
            {
                Directory.CreateDirectory(_options.DataDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            try
            {
                _lockFile = new FileStream(Path.Combine(_options.DataDirectory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException error)
            {
                throw new InvalidOperationException($"The data directory {_options.DataDirectory} is in use by another process.", error);
            }
        }
    }

    /// <summary>Runs in the writer's next commit; the result comes after it.</summary>
    public async Task<T> WriteAsync<T>(Func<SqliteSession, T> run, CancellationToken cancellationToken)
    {
        Start();
        var work = new Work(session => run(session), new TaskCompletionSource<object?>(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            await _queue.Writer.WriteAsync(work, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException error)
        {
            throw new StoreUnavailableException("The store is closed.", error);
        }

        return (T)(await work.Done.Task.ConfigureAwait(false))!;
    }

    /// <summary>Runs on a connection that reads; the library blocks its thread, so their number is bounded.</summary>
    public async Task<T> ReadAsync<T>(Func<SqliteSession, T> run, CancellationToken cancellationToken)
    {
        await _readers.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(
                () =>
                {
                    if (!_idle.TryTake(out var session))
                    {
                        session = new SqliteSession(ConnectionString, "query_only = ON", "mmap_size = 268435456");
                    }

                    var result = run(session);
                    // A session on which a statement failed is not used again.
                    _idle.Add(session);
                    return result;
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (SqliteErrors.Translate(error) is var translated && translated != error)
        {
            throw translated;
        }
        finally
        {
            _readers.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        if (_writer is { } writer)
        {
            await writer.ConfigureAwait(false);
        }

        while (_idle.TryTake(out var session))
        {
            session.Dispose();
        }

        _lockFile?.Dispose();
    }

    private void Start()
    {
        if (_writer is null)
        {
            lock (_lock)
            {
                _writer ??= Task.Factory.StartNew(Write, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }
        }
    }

    private void Write()
    {
        SqliteSession? session = null;
        SqliteCheckpoints? checkpoints = null;
        var group = new List<Work>(MaxTogether);
        while (WaitForWork())
        {
            while (group.Count < MaxTogether && _queue.Reader.TryRead(out var work))
            {
                group.Add(work);
            }

            try
            {
                // The limit at which the library itself moves the log stands far behind that of the checkpoints: the last net.
                session ??= new SqliteSession(ConnectionString, "journal_mode = WAL", "synchronous = FULL", "cache_size = -65536", "wal_autocheckpoint = 65536", "temp_store = MEMORY");
                checkpoints ??= new SqliteCheckpoints(() => new SqliteSession(ConnectionString, "synchronous = FULL"), _logger);
                Commit(session, group);
            }
            catch (Exception error)
            {
                // The transaction is lost as a whole; a new connection begins clean.
                session?.Dispose();
                session = null;
                var fault = SqliteErrors.Translate(error) as StoreUnavailableException ?? new StoreUnavailableException("The commit failed.", error);
                group.ForEach(w => w.Done.TrySetException(fault));
            }

            group.Clear();
            if (session is not null && checkpoints?.Committed(session) == false)
            {
                session.Dispose();
                session = null;
            }
        }

        checkpoints?.Dispose();
        session?.Dispose();
    }

    private bool WaitForWork()
    {
        var waiting = _queue.Reader.WaitToReadAsync();
        // This is the writer's own thread: there is nothing else for it to do.
        return waiting.IsCompleted ? waiting.Result : waiting.AsTask().Result;
    }

    private static void Commit(SqliteSession session, List<Work> group)
    {
        session.Execute("BEGIN IMMEDIATE");
        try
        {
            foreach (var work in group)
            {
                session.Execute("SAVEPOINT piece");
                try
                {
                    work.Result = work.Run(session);
                    session.Execute("RELEASE piece");
                }
                catch (Exception error) when (SqliteErrors.Translate(error) is not StoreUnavailableException)
                {
                    session.Execute("ROLLBACK TO piece");
                    session.Execute("RELEASE piece");
                    work.Fault = SqliteErrors.Translate(error);
                }
            }

            session.Execute("COMMIT");
        }
        catch
        {
            TryRollBack(session);
            throw;
        }

        foreach (var work in group)
        {
            if (work.Fault is { } fault)
            {
                work.Done.TrySetException(fault);
            }
            else
            {
                work.Done.TrySetResult(work.Result);
            }
        }
    }

    private static void TryRollBack(SqliteSession session)
    {
        try
        {
            session.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // A commit that failed may have rolled back by itself; the connection is dropped in either case.
        }
    }
}

/// <summary>Registers the SQLite driver for every port of the store.</summary>
internal static class SqliteRegistration
{
    public static IServiceCollection AddSqliteStore(this IServiceCollection services) => services
        .AddSingleton<SqliteStore>()
        .AddSingleton<IMessageLog, SqliteMessageLog>()
        .AddSingleton<ICursorStore, SqliteCursorStore>()
        .AddSingleton<IConfigurationStore, SqliteConfigurationStore>()
        .AddSingleton<IDeliveryReads, SqliteDeliveryReads>()
        .AddSingleton<IRecoveryStore, SqliteRecoveryStore>()
        .AddSingleton<IAnswerStore, SqliteAnswerStore>()
        .AddSingleton<IAuditLog, SqliteAuditLog>()
        .AddSingleton<IClusterStore, SqliteClusterStore>()
        .AddSingleton<IQueueLimits, SqliteQueueLimits>()
        .AddSingleton<IRetentionStore, SqliteRetentionStore>()
        .AddSingleton<ISchema, SqliteSchema>();
}
