using System.Globalization;

namespace Webhooks.Faults.Machinery;

/// <summary>The wall clock of one or more processes, which jumps while they run. Monotonic clocks, by which timers run, stay true.</summary>
/// <remarks>By libfaketime: processes are started with <see cref="Variables"/> and read the offset from a file at each look at the clock.</remarks>
internal sealed class FakeClock : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("webhooks-clock-").FullName;

    public FakeClock()
    {
        Variables = new Dictionary<string, string?>
        {
            ["LD_PRELOAD"] = FindLibrary() ?? throw new InvalidOperationException(Unavailable()),
            ["FAKETIME_TIMESTAMP_FILE"] = Source,
            ["FAKETIME_NO_CACHE"] = "1",
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
            // Times of files stay as they are.
            ["NO_FAKE_STAT"] = "1",
        };
        Reset();
    }

    /// <summary>Environment of the processes that go by this clock.</summary>
    public IReadOnlyDictionary<string, string?> Variables { get; }

    /// <summary>How far it is ahead; negative when it is behind.</summary>
    public TimeSpan Offset { get; private set; }

    private string Source => Path.Combine(_folder, "offset");

    /// <summary>Why there can be none; null when there can.</summary>
    public static string? Unavailable() => FindLibrary() is null ? "libfaketime is not installed: tests/install.sh installs it on Debian" : null;

    /// <summary>Jumps ahead, or back when negative, from where it is.</summary>
    public void Jump(TimeSpan by) => Set(Offset + by);

    /// <summary>Shows the true time again.</summary>
    public void Reset() => Set(TimeSpan.Zero);

    /// <summary>Forgets it. Processes that still go by it see the true time from then on.</summary>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Set(TimeSpan offset)
    {
        // Put in place at once: a reader of half a number would jump elsewhere.
        var next = Source + ".next";
        File.WriteAllText(next, offset.TotalSeconds.ToString("+0.000;-0.000", CultureInfo.InvariantCulture) + "\n");
        File.Move(next, Source, overwrite: true);
        Offset = offset;
    }

    private static string? FindLibrary() =>
        new[] { "/usr/lib", "/usr/lib64", "/usr/local/lib" }
            .Where(Directory.Exists)
            .SelectMany(static folder => Directory.GetDirectories(folder).Append(folder))
            .Select(static folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1"))
            .FirstOrDefault(File.Exists);
}
