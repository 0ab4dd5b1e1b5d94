namespace Webhooks.Grains.Interfaces.EventTypes;

/// <summary>The event types of organizations. A stateless worker: key 0; each write is one statement of the store.</summary>
[Alias("webhooks.IEventTypeCatalog")]
public interface IEventTypeCatalog : IGrainWithIntegerKey
{
    /// <summary>
    /// Creates a type, or overwrites an archived one. Conflict (<c>event_type_exists</c>) on a live name, unless it was
    /// created by this very <paramref name="call"/>.
    /// </summary>
    [Alias("Create")]
    Task<Answer<EventTypeDetails>> Create(string organization, string name, EventTypeChange values, Guid? call);

    /// <summary>Changes the fields that are set.</summary>
    [Alias("Update")]
    Task<Answer<EventTypeDetails>> Update(string organization, string name, EventTypeChange change);

    /// <summary>Archives the type, or removes it.</summary>
    [Alias("Delete")]
    Task<Answer<Done>> Delete(string organization, string name, bool expunge);

    /// <summary>The type of this name, archived or not.</summary>
    [Alias("Find")]
    Task<EventTypeDetails?> Find(string organization, string name);

    /// <summary>A page of types by name; the iterator is a name.</summary>
    [Alias("List")]
    Task<Page<EventTypeDetails>> List(string organization, PageRequest page, bool includeArchived);
}
