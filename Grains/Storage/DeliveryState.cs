using Webhooks.Grains.Interfaces.Deliveries;

namespace Webhooks.Grains.Storage;

/// <summary>A message that was given up.</summary>
internal sealed record DeadLetter(StoredMessage Message, string Reason, DateTimeOffset At);

/// <summary>Everything the store knows of one entry of the log at one endpoint.</summary>
/// <param name="IsRecipient">Whether the endpoint was matched when it was published.</param>
/// <param name="Cursor">The endpoint's cursor.</param>
/// <param name="Parked">Its parked row; null when it has none.</param>
/// <param name="DeadReason">Why it was given up; null when it was not.</param>
/// <param name="Attempts">Attempts of it at this endpoint, the oldest first.</param>
internal sealed record DeliveryState(bool IsRecipient, CursorRow Cursor, ParkedRow? Parked, string? DeadReason, IReadOnlyList<AttemptDetails> Attempts);
