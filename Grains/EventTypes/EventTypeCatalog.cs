using Orleans.Concurrency;
using Webhooks.Grains.Applications;
using Webhooks.Grains.Hosting;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.EventTypes;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.EventTypes;

[StatelessWorker]
[GrainType("event-type-catalog")]
internal sealed class EventTypeCatalog(IConfigurationStore store, StoreClock clock) : Grain, IEventTypeCatalog
{
    private static readonly Refusal Exists = new(RefusalKind.Conflict, "event_type_exists", "An event type with this name already exists.", "name");

    public async Task<Answer<EventTypeDetails>> Create(string organization, string name, EventTypeChange values, Guid? call)
    {
        var now = Now();
        var type = Apply(new EventTypeDetails { Name = name, Description = "", CreatedAt = now, CreatedBy = call }, values, now);
        var written = await store.CreateEventTypeAsync(organization, type, CancellationToken.None) == WriteVerdict.Written;
        var stored = await store.FindEventTypeAsync(organization, name, CancellationToken.None);
        return written || (call is not null && stored?.CreatedBy == call) ? stored ?? type : Exists;
    }

    public async Task<Answer<EventTypeDetails>> Update(string organization, string name, EventTypeChange change)
    {
        if (await store.FindEventTypeAsync(organization, name, CancellationToken.None) is not { } old)
        {
            return Refusals.NotFound;
        }

        var now = Now();
        var type = Apply(old, change, now > old.UpdatedAt ? now : old.UpdatedAt.AddMicroseconds(1));
        return await store.UpdateEventTypeAsync(organization, type, CancellationToken.None) == WriteVerdict.Written
            ? type
            : Refusals.NotFound;
    }

    public async Task<Answer<Done>> Delete(string organization, string name, bool expunge) =>
        await store.DeleteEventTypeAsync(organization, name, expunge, Now(), CancellationToken.None) == WriteVerdict.Written
            ? Done.Instance
            : Refusals.NotFound;

    public Task<EventTypeDetails?> Find(string organization, string name) =>
        store.FindEventTypeAsync(organization, name, CancellationToken.None);

    public Task<Page<EventTypeDetails>> List(string organization, PageRequest page, bool includeArchived) =>
        store.ListEventTypesAsync(organization, page, includeArchived, CancellationToken.None);

    private static EventTypeDetails Apply(EventTypeDetails old, EventTypeChange change, DateTimeOffset now) => old with
    {
        Description = change.Description.Over(old.Description) ?? "",
        Archived = change.Archived.Over(old.Archived),
        Deprecated = change.Deprecated.Over(old.Deprecated),
        Schemas = change.Schemas.Over(old.Schemas),
        GroupName = change.GroupName.Over(old.GroupName),
        FeatureFlags = change.FeatureFlags.Over(old.FeatureFlags),
        UpdatedAt = now,
    };

    private DateTimeOffset Now() => clock.GetStorableNow();
}
