using Webhooks.Storage.Tests.Compliance;

[assembly: AssemblyFixture(typeof(Webhooks.Storage.Tests.SqliteFixture))]

namespace Webhooks.Storage.Tests.Sqlite;

public sealed class SqliteAppendTests(SqliteFixture fixture) : AppendCompliance(fixture);

public sealed class SqliteRepeatTests(SqliteFixture fixture) : RepeatCompliance(fixture);

public sealed class SqlitePageTests(SqliteFixture fixture) : PageCompliance(fixture);

public sealed class SqliteCursorTests(SqliteFixture fixture) : CursorCompliance(fixture);

public sealed class SqliteOutcomeTests(SqliteFixture fixture) : OutcomeCompliance(fixture);

public sealed class SqliteConfigurationTests(SqliteFixture fixture) : ConfigurationCompliance(fixture);

public sealed class SqliteEventTypeTests(SqliteFixture fixture) : EventTypeCompliance(fixture);

public sealed class SqliteReadTests(SqliteFixture fixture) : ReadCompliance(fixture);

public sealed class SqliteOrphanTests(SqliteFixture fixture) : OrphanCompliance(fixture);

public sealed class SqliteContentTests(SqliteFixture fixture) : ContentCompliance(fixture);

public sealed class SqliteScheduleTests(SqliteFixture fixture) : ScheduleCompliance(fixture);

public sealed class SqliteAttemptedTests(SqliteFixture fixture) : AttemptedCompliance(fixture);

public sealed class SqliteStandingTests(SqliteFixture fixture) : StandingCompliance(fixture);

public sealed class SqliteResendTests(SqliteFixture fixture) : ResendCompliance(fixture);

public sealed class SqliteAnswerTests(SqliteFixture fixture) : AnswerCompliance(fixture);

public sealed class SqliteRecoveryTests(SqliteFixture fixture) : RecoveryCompliance(fixture);

public sealed class SqliteGivingUpTests(SqliteFixture fixture) : GivingUpCompliance(fixture);

public sealed class SqliteAuditTests(SqliteFixture fixture) : AuditCompliance(fixture);

public sealed class SqliteRetentionTests : RetentionCompliance, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleans-webhooks-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private protected override async Task<StoreSet> OpenAsync()
    {
        var store = StoreSet.OnSqlite(_folder);
        await store.Schema.MigrateAsync(TestContext.Current.CancellationToken);
        return store;
    }
}
