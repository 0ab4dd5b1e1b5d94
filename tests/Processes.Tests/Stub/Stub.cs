using System.Diagnostics;
namespace Webhooks.Tests.Shared;
public sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _p; private readonly List<string> _out = []; private readonly List<string> _err = [];
    private ChildProcess(Process p) { _p = p; }
    public static ChildProcess Start(string file, IEnumerable<string> args, IReadOnlyDictionary<string, string?>? env = null)
    {
        var info = new ProcessStartInfo(file, args) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (k, v) in env ?? new Dictionary<string, string?>()) { if (v is null) info.Environment.Remove(k); else info.Environment[k] = v; }
        var p = new Process { StartInfo = info };
        var c = new ChildProcess(p);
        p.OutputDataReceived += (_, e) => { if (e.Data is not null) lock (c._out) c._out.Add(e.Data); };
        p.ErrorDataReceived += (_, e) => { if (e.Data is not null) lock (c._err) c._err.Add(e.Data); };
        p.Start(); p.BeginOutputReadLine(); p.BeginErrorReadLine(); return c;
    }
    public string StandardOutput { get { lock (_out) return string.Concat(_out.Select(l => l + "\n")); } }
    public string StandardError { get { lock (_err) return string.Concat(_err.Select(l => l + "\n")); } }
    public bool HasExited => _p.HasExited;
    public async Task<string> WaitForLineAsync(Func<string, bool> f, TimeSpan t, CancellationToken ct)
    {
        string? found = null;
        await Webhooks.Processes.Tests.Harness.Waiting.UntilAsync(() => { lock (_out) found = _out.FirstOrDefault(f); return found is not null; }, t, "line", ct);
        return found!;
    }
    public async Task<int> WaitForExitAsync(TimeSpan t, CancellationToken ct) { await _p.WaitForExitAsync(ct).WaitAsync(t, ct); return _p.ExitCode; }
    public async Task KillAsync() { _p.Kill(); await _p.WaitForExitAsync(); }
    public void Terminate() { using var k = Process.Start("kill", ["-TERM", _p.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]); k!.WaitForExit(); }
    public async ValueTask DisposeAsync() { if (!_p.HasExited) { _p.Kill(); await _p.WaitForExitAsync(); } _p.Dispose(); }
}
public sealed class PostgresServer : IAsyncDisposable
{
    public static Task<PostgresServer> StartAsync() => throw new NotSupportedException();
    public string ConnectionString => "";
    public Task StopAsync() => throw new NotSupportedException();
    public Task StartAgainAsync() => throw new NotSupportedException();
    public ValueTask DisposeAsync() => default;
}
