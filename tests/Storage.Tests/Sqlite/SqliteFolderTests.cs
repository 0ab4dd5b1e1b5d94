namespace Webhooks.Storage.Tests.Sqlite;

public sealed class SqliteFolderTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_data_directory_belongs_to_one_process()
    {
        var folder = Directory.CreateTempSubdirectory("orleans-webhooks-").FullName;
        try
        {
            await using (var first = StoreSet.OnSqlite(folder))
            {
                await first.Schema.MigrateAsync(Cancel);
                await using var second = StoreSet.OnSqlite(folder);
                var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => second.Schema.MigrateAsync(Cancel));
                Assert.Contains(folder, refusal.Message, StringComparison.Ordinal);
            }

            await using var successor = StoreSet.OnSqlite(folder);
            await successor.Schema.MigrateAsync(Cancel);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task What_was_written_is_there_when_the_folder_is_opened_again()
    {
        var folder = Directory.CreateTempSubdirectory("orleans-webhooks-").FullName;
        try
        {
            Guid application;
            await using (var store = StoreSet.OnSqlite(folder))
            {
                await store.Schema.MigrateAsync(Cancel);
                application = await Given.ApplicationAsync(store);
                await Given.AppendedAsync(store, application, 3);
            }

            await using var again = StoreSet.OnSqlite(folder);
            await again.Schema.MigrateAsync(Cancel);
            Assert.Equal(3, (await again.Log.ReadHeadAsync(application, Cancel))!.Tail);
            Assert.Equal(3, (await again.Log.ReadIdsAsync(application, 1, 10, Cancel)).Count);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
