namespace Webhooks.Processes.Tests.Harness;

/// <summary>A folder that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("webhooks-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
