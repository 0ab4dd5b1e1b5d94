namespace Webhooks.Gateway.Api.Portal.Models;

/// <summary>An application as the API shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Uid">The name that its owner gave it.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record ApplicationModel(string Id, string? Uid, string Name, DateTimeOffset CreatedAt);
