using Webhooks.Storage.Tests.Compliance;

[assembly: AssemblyFixture(typeof(Webhooks.Storage.Tests.PostgresFixture))]

namespace Webhooks.Storage.Tests.Postgres;

public sealed class PostgresAppendTests(PostgresFixture fixture) : AppendCompliance(fixture);

public sealed class PostgresRepeatTests(PostgresFixture fixture) : RepeatCompliance(fixture);

public sealed class PostgresPageTests(PostgresFixture fixture) : PageCompliance(fixture);

public sealed class PostgresCursorTests(PostgresFixture fixture) : CursorCompliance(fixture);

public sealed class PostgresOutcomeTests(PostgresFixture fixture) : OutcomeCompliance(fixture);

public sealed class PostgresConfigurationTests(PostgresFixture fixture) : ConfigurationCompliance(fixture);

public sealed class PostgresEventTypeTests(PostgresFixture fixture) : EventTypeCompliance(fixture);

public sealed class PostgresReadTests(PostgresFixture fixture) : ReadCompliance(fixture);

public sealed class PostgresOrphanTests(PostgresFixture fixture) : OrphanCompliance(fixture);

public sealed class PostgresContentTests(PostgresFixture fixture) : ContentCompliance(fixture);

public sealed class PostgresScheduleTests(PostgresFixture fixture) : ScheduleCompliance(fixture);

public sealed class PostgresAttemptedTests(PostgresFixture fixture) : AttemptedCompliance(fixture);

public sealed class PostgresStandingTests(PostgresFixture fixture) : StandingCompliance(fixture);

public sealed class PostgresResendTests(PostgresFixture fixture) : ResendCompliance(fixture);

public sealed class PostgresAnswerTests(PostgresFixture fixture) : AnswerCompliance(fixture);

public sealed class PostgresRecoveryTests(PostgresFixture fixture) : RecoveryCompliance(fixture);

public sealed class PostgresGivingUpTests(PostgresFixture fixture) : GivingUpCompliance(fixture);

public sealed class PostgresAuditTests(PostgresFixture fixture) : AuditCompliance(fixture);

public sealed class PostgresRetentionTests(PostgresFixture fixture) : RetentionCompliance
{
    private protected override async Task<StoreSet> OpenAsync()
    {
        var store = StoreSet.OnPostgres(await fixture.Server.CreateDatabaseAsync());
        await store.Schema.MigrateAsync(TestContext.Current.CancellationToken);
        return store;
    }
}
