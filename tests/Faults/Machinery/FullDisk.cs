using System.Globalization;

namespace Webhooks.Faults.Machinery;

/// <summary>A small disk in memory that can be filled to the last byte, for the data folder of a store.</summary>
/// <remarks>
/// Anyone may make files in its root folder, PostgreSQL's user too. A PostgreSQL whose log of writes lies on it may stop
/// altogether when the disk is full, and is started again after <see cref="Free"/>; mostly it only refuses what needs space.
/// </remarks>
internal sealed class FullDisk : IAsyncDisposable
{
    private const int PieceBytes = 64 * 1024;

    private static readonly Lazy<string?> s_unavailable = new(Probe);

    private FullDisk(string path) => Path = path;

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    private string Ballast => System.IO.Path.Combine(Path, ".ballast");

    /// <summary>Why there can be none; null when there can.</summary>
    public static string? Unavailable() => s_unavailable.Value;

    /// <summary>Mounts an empty disk.</summary>
    /// <param name="path">A folder that is not there yet; it goes with the disk.</param>
    /// <param name="bytes">Size of the disk.</param>
    public static async Task<FullDisk> MountAsync(string path, long bytes)
    {
        Directory.CreateDirectory(path);
        try
        {
            await Command.RunAsync("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={bytes},mode=1777"), "webhooks-faults", path);
            return new FullDisk(path);
        }
        catch
        {
            Directory.Delete(path);
            throw;
        }
    }

    /// <summary>Takes all the space that is left; again, what has become free since.</summary>
    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var piece = new byte[PieceBytes];
        try
        {
            while (true)
            {
                file.Write(piece);
            }
        }
        catch (IOException)
        {
            // Full. The part of the piece that found room has been written.
        }
    }

    /// <summary>Gives back what <see cref="Fill"/> has taken.</summary>
    public void Free() => File.Delete(Ballast);

    /// <summary>Unmounts it, whoever still uses it.</summary>
    public async ValueTask DisposeAsync()
    {
        // Lazily: gone from the tree at once, and from memory with the last process that has a file of it open.
        await Command.RunAsync("umount", "--lazy", Path);
        Directory.Delete(Path);
    }

    private static string? Probe() =>
        Environment.UserName == "root"
            ? Command.WhyNot("unshare", "--mount", "--", "mount", "-t", "tmpfs", "none", "/mnt")
            : "only root can mount a disk";
}
