namespace Webhooks.Gateway.Api.Portal.Models;

/// <summary>A task in the background, as the API shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">running, finished or failed.</param>
/// <param name="Data">How far it is.</param>
public sealed record TaskModel(string Id, string Status, TaskProgress? Data);

/// <summary>How far a task is.</summary>
/// <param name="MessagesSent">Messages sent so far.</param>
/// <param name="MessagesMatched">Messages found so far.</param>
/// <param name="Progress">From 0 to 1.</param>
/// <param name="Cancelled">Whether somebody ended it.</param>
public sealed record TaskProgress(long MessagesSent, long MessagesMatched, double Progress, bool Cancelled);
