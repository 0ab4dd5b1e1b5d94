using Orleans.Concurrency;
using Webhooks.Grains.Hosting;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Applications;

[StatelessWorker]
[GrainType("audit-trail")]
internal sealed class AuditTrail(IAuditLog log, StoreClock clock) : Grain, IAuditTrail
{
    public Task Append(string organization, string application, string endpoint, string action, string details, OperatorAct act) =>
        EntityId.TryParse(EntityId.Application, application, out var app) && EntityId.TryParse(EntityId.Endpoint, endpoint, out var id)
            ? log.AppendAsync(new AuditRow(act.Id, organization, app, id, clock.GetStorableNow(), act.Actor, act.ActorName, action, act.Note, details), CancellationToken.None)
            : throw new ArgumentException("Not ids of an application and an endpoint.", nameof(endpoint));

    public async Task<Page<AuditEntry>> List(string application, string? endpoint, PageRequest page)
    {
        Guid? of = null;
        if (endpoint is not null)
        {
            if (!EntityId.TryParse(EntityId.Endpoint, endpoint, out var id))
            {
                return new Page<AuditEntry>([], false);
            }

            of = id;
        }

        if (!EntityId.TryParse(EntityId.Application, application, out var app))
        {
            return new Page<AuditEntry>([], false);
        }

        var rows = await log.ListAsync(app, of, page, CancellationToken.None);
        return new Page<AuditEntry>([.. rows.Items.Select(Show)], rows.HasMore);
    }

    private static AuditEntry Show(AuditRow row) => new(
        EntityId.Format(EntityId.AuditEntry, row.Id),
        EntityId.Format(EntityId.Endpoint, row.Endpoint),
        row.At,
        row.Actor,
        row.ActorName,
        row.Action,
        row.Note,
        row.Details);
}
