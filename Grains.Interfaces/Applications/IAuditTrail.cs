namespace Webhooks.Grains.Interfaces.Applications;

/// <summary>The audit log: what was done to endpoints by hand. A stateless worker: key 0. Ids are text ids.</summary>
[Alias("webhooks.IAuditTrail")]
public interface IAuditTrail : IGrainWithIntegerKey
{
    /// <summary>
    /// Writes down what was done past the application's grain, which writes down its own changes. The same act twice is one entry.
    /// </summary>
    [Alias("Append")]
    Task Append(string organization, string application, string endpoint, string action, string details, OperatorAct act);

    /// <summary>A page of the entries of the application, or of one endpoint of it, by id.</summary>
    [Alias("List")]
    Task<Page<AuditEntry>> List(string application, string? endpoint, PageRequest page);
}
