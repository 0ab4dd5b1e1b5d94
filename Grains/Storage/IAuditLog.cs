using Webhooks.Grains.Interfaces;

namespace Webhooks.Grains.Storage;

/// <summary>What was done by hand, and by whom. Rows are added; nothing changes or removes them.</summary>
internal interface IAuditLog
{
    /// <summary>Adds the row; one that is there already, by its id, stays as it is.</summary>
    Task AppendAsync(AuditRow row, CancellationToken cancellationToken);

    /// <summary>The row with this id; null when there is none.</summary>
    Task<AuditRow?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Rows of the application, or of one endpoint of it, by id.</summary>
    Task<Page<AuditRow>> ListAsync(Guid application, Guid? endpoint, PageRequest page, CancellationToken cancellationToken);
}
