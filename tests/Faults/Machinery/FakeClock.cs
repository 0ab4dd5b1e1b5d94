using System.IO.MemoryMappedFiles;

namespace Webhooks.Faults.Machinery;

/// <summary>The wall clock of one or more processes, which jumps while they run. Monotonic clocks, by which timers run, stay true.</summary>
/// <remarks>
/// By a library of a page, built when it is needed and preloaded: it reads the shift from a file that is mapped. What
/// <c>libfaketime</c> does to waits with a deadline keeps threads of the runtime busy without end.
/// </remarks>
internal sealed class FakeClock : IDisposable
{
    private const long TicksToNanoseconds = 100;
    private const string Compiler = "cc";
    private static readonly string s_source = Path.Combine(AppContext.BaseDirectory, "Machinery", "Native", "shifted_clock.c");

    private readonly string _folder = Directory.CreateTempSubdirectory("webhooks-clock-").FullName;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _shift;

    public FakeClock()
    {
        var library = Path.Combine(_folder, "shifted_clock.so");
        var shift = Path.Combine(_folder, "shift");
        if (Command.WhyNot(Compiler, "-shared", "-fPIC", "-O2", "-o", library, s_source) is { } fault)
        {
            throw new InvalidOperationException($"{s_source} could not be built: {fault}");
        }

        _file = MemoryMappedFile.CreateFromFile(shift, FileMode.CreateNew, mapName: null, sizeof(long));
        _shift = _file.CreateViewAccessor(0, sizeof(long));
        Variables = new Dictionary<string, string?> { ["LD_PRELOAD"] = library, ["SHIFTED_CLOCK"] = shift };
    }

    /// <summary>Environment of the processes that go by this clock.</summary>
    public IReadOnlyDictionary<string, string?> Variables { get; }

    /// <summary>How far it is ahead; negative when it is behind.</summary>
    public TimeSpan Offset { get; private set; }

    /// <summary>Why there can be none; null when there can.</summary>
    public static string? Unavailable() => Command.Find(Compiler) is null ? "there is no C compiler: tests/install.sh installs one on Debian" : null;

    /// <summary>Jumps ahead, or back when negative, from where it is.</summary>
    public void Jump(TimeSpan by) => Set(Offset + by);

    /// <summary>Shows the true time again.</summary>
    public void Reset() => Set(TimeSpan.Zero);

    /// <summary>Forgets it. Processes that still go by it keep the time they have.</summary>
    public void Dispose()
    {
        _shift.Dispose();
        _file.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Set(TimeSpan offset)
    {
        // Eight bytes on their own boundary are written at once.
        _shift.Write(0, offset.Ticks * TicksToNanoseconds);
        Offset = offset;
    }
}
