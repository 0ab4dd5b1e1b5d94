namespace Webhooks.Faults.Checking;

/// <summary>What can be wrong with a run.</summary>
internal enum ViolationKind
{
    /// <summary>An accepted event is not in the log, or not settled at an endpoint it belongs to.</summary>
    Lost,

    /// <summary>Something is there that nobody published, or at a place where it does not belong.</summary>
    Phantom,

    /// <summary>A message was tried before an earlier one of its lane was settled.</summary>
    Inversion,

    /// <summary>The answer to A came before B was sent, yet B is earlier in the log.</summary>
    PublishOrder,

    /// <summary>A message was tried again after a success, and no fault explains it.</summary>
    Double,

    /// <summary>One fault explains more repeats at an endpoint than outcomes can be lost.</summary>
    TooManyRepeats,

    /// <summary>Two requests of one lane were in flight at once, and no fault explains it.</summary>
    Overlap,

    /// <summary>The API lists an attempt that no receiver saw, or lists one twice.</summary>
    Unseen,

    /// <summary>A receiver saw an attempt that the API does not list, and no fault explains it.</summary>
    Unlisted,

    /// <summary>A request whose signature or form is wrong.</summary>
    Invalid,
}

/// <summary>A promise that was broken.</summary>
/// <param name="Endpoint">The endpoint's id; null when it is not about one.</param>
/// <param name="MessageId">The message's id; null when it has none.</param>
/// <param name="Number">The event's number; null when it is not known.</param>
/// <param name="Text">What happened, with all that is needed to find it in the history.</param>
internal sealed record Violation(ViolationKind Kind, string? Endpoint, string? MessageId, int? Number, string Text);
