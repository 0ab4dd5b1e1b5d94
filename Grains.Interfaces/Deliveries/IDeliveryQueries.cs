namespace Webhooks.Grains.Interfaces.Deliveries;

/// <summary>Reads of attempts. A stateless worker: key 0. Ids are text ids.</summary>
[Alias("webhooks.IDeliveryQueries")]
public interface IDeliveryQueries : IGrainWithIntegerKey
{
    /// <summary>One attempt of a message.</summary>
    [Alias("Find")]
    Task<AttemptDetails?> Find(string application, string message, string attempt);

    /// <summary>A page of an endpoint's attempts, by id.</summary>
    [Alias("ListByEndpoint")]
    Task<Page<AttemptDetails>> ListByEndpoint(string application, string endpoint, AttemptFilter filter, PageRequest page);

    /// <summary>A page of a message's attempts, by id.</summary>
    [Alias("ListByMessage")]
    Task<Page<AttemptDetails>> ListByMessage(string application, string message, AttemptFilter filter, PageRequest page);
}
