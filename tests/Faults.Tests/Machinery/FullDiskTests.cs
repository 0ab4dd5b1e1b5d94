using Npgsql;
using Webhooks.Faults.Machinery;
using Webhooks.Tests.Shared;

namespace Webhooks.Faults.Tests.Machinery;

public sealed class FullDiskTests
{
    private const long Megabyte = 1024 * 1024;

    private readonly string _path = Path.Combine(Path.GetTempPath(), "webhooks-disk-" + Guid.NewGuid().ToString("N"));

    [Fact]
    public async Task A_full_disk_takes_no_byte_until_it_is_freed()
    {
        Machine.Offers(FullDisk.Unavailable());
        await using var disk = await FullDisk.MountAsync(_path, 2 * Megabyte);
        var file = Path.Combine(disk.Path, "file");
        await File.WriteAllBytesAsync(file, new byte[Megabyte], TestContext.Current.CancellationToken);

        disk.Fill();
        await Assert.ThrowsAsync<IOException>(() => File.AppendAllTextAsync(file, "x", TestContext.Current.CancellationToken));
        Assert.Equal(0, new DriveInfo(disk.Path).AvailableFreeSpace);
        disk.Free();
        await File.AppendAllTextAsync(file, "x", TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_disk_that_is_in_use_is_unmounted_all_the_same()
    {
        Machine.Offers(FullDisk.Unavailable());
        var disk = await FullDisk.MountAsync(_path, Megabyte);
        await using (File.Create(Path.Combine(disk.Path, "open")))
        {
            await disk.DisposeAsync();
            Assert.False(Directory.Exists(_path));
            Assert.DoesNotContain(_path, await File.ReadAllTextAsync("/proc/self/mounts", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task PostgreSQL_refuses_writes_while_its_disk_is_full_and_takes_them_again()
    {
        Machine.Offers(FullDisk.Unavailable());
        await using var disk = await FullDisk.MountAsync(_path, 256 * Megabyte);
        await using var postgres = await PostgresServer.StartAsync(disk.Path);
        await postgres.ExecuteAsync("CREATE TABLE notes (text text)");
        await WriteAsync(postgres);

        disk.Fill();
        var refused = await Assert.ThrowsAsync<PostgresException>(() => WriteAsync(postgres));
        Assert.Equal(PostgresErrorCodes.DiskFull, refused.SqlState);
        Assert.Equal(1L, await postgres.ExecuteAsync("SELECT count(*) FROM notes"));

        disk.Free();
        await WriteAsync(postgres);
        Assert.Equal(2L, await postgres.ExecuteAsync("SELECT count(*) FROM notes"));
    }

    /// <summary>A row that needs new pages, however it is packed.</summary>
    private static Task WriteAsync(PostgresServer postgres) =>
        postgres.ExecuteAsync("INSERT INTO notes SELECT string_agg(md5(random()::text), '') FROM generate_series(1, 20000)");
}
