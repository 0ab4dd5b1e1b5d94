using System.Diagnostics;
using System.Globalization;

namespace Webhooks.Tests.Shared;

/// <summary>A process that a test starts, watches and ends.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private const int KeptLines = 5000;

    private readonly Process _process;
    private readonly Lines _output = new();
    private readonly Lines _error = new();

    private ChildProcess(Process process) => _process = process;

    /// <summary>Everything it wrote on standard output, up to a bound.</summary>
    public string StandardOutput => _output.ToString();

    /// <summary>Everything it wrote on standard error, up to a bound.</summary>
    public string StandardError => _error.ToString();

    public bool HasExited => _process.HasExited;

    public int Id => _process.Id;

    /// <summary>Starts a program. A null value removes a variable from the environment.</summary>
    public static ChildProcess Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var info = new ProcessStartInfo(file, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            if (value is null)
            {
                info.Environment.Remove(name);
            }
            else
            {
                info.Environment[name] = value;
            }
        }

        var process = new Process { StartInfo = info };
        var child = new ChildProcess(process);
        process.OutputDataReceived += (_, e) => child._output.Add(e.Data);
        process.ErrorDataReceived += (_, e) => child._error.Add(e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <summary>The first line of standard output that meets the condition.</summary>
    public async Task<string> WaitForLineAsync(Func<string, bool> condition, TimeSpan deadline, CancellationToken cancellationToken)
    {
        try
        {
            return await _output.FirstAsync(condition, cancellationToken).WaitAsync(deadline, cancellationToken);
        }
        catch (TimeoutException error)
        {
            throw new TimeoutException($"No such line within {deadline.TotalSeconds} s. Output:\n{StandardOutput}\n{StandardError}", error);
        }
    }

    public async Task<int> WaitForExitAsync(TimeSpan deadline, CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).WaitAsync(deadline, cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>Sends a signal by its name.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private sealed class Lines
    {
        private readonly Lock _lock = new();
        private readonly Queue<string> _kept = new();
        private readonly List<(Func<string, bool> Condition, TaskCompletionSource<string> Found)> _waiters = [];

        public void Add(string? line)
        {
            if (line is null)
            {
                return;
            }

            lock (_lock)
            {
                _kept.Enqueue(line);
                if (_kept.Count > KeptLines)
                {
                    _kept.Dequeue();
                }

                _waiters.RemoveAll(w => w.Condition(line) && w.Found.TrySetResult(line));
            }
        }

        public Task<string> FirstAsync(Func<string, bool> condition, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                if (_kept.FirstOrDefault(condition) is { } line)
                {
                    return Task.FromResult(line);
                }

                var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiters.Add((condition, found));
                return found.Task.WaitAsync(cancellationToken);
            }
        }

        public override string ToString()
        {
            lock (_lock)
            {
                return string.Concat(_kept.Select(static l => l + "\n"));
            }
        }
    }
}
