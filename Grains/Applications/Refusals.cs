using Webhooks.Grains.Interfaces;

namespace Webhooks.Grains.Applications;

/// <summary>Refusals in the contract's words.</summary>
internal static class Refusals
{
    public static Refusal NoApplication { get; } = new(RefusalKind.NotFound, "not_found", "Application not found.");

    public static Refusal NotFound { get; } = new(RefusalKind.NotFound, "not_found", "Entity not found.");

    public static Refusal UidTaken { get; } = new(RefusalKind.Conflict, "conflict", "An entity with this uid already exists.", "uid");

    public static Refusal EventIdTaken { get; } = new(RefusalKind.Conflict, "conflict", "A message with this eventId already exists.", "eventId");

    public static Refusal Overloaded { get; } = new(RefusalKind.Overloaded, "unavailable", "Too many messages are waiting to be stored.");

    public static Refusal Unstorable { get; } = new(RefusalKind.Unstorable, "unstorable", "The store cannot hold a value of this message.");

    public static Refusal TooManySecrets { get; } = new(RefusalKind.Invalid, "limit_reached", "Too many old secrets are still valid: wait until one of them expires.");

    public static Refusal PayloadGone { get; } = new(RefusalKind.Invalid, "missing_payload", "The payload of this message has been removed.");

    public static Refusal TooManyResends { get; } = new(RefusalKind.Overloaded, "unavailable", "Too many messages of this endpoint wait to be sent again.");

    public static Refusal UnknownEventTypes(IReadOnlyList<string> names) => new(
        RefusalKind.Invalid,
        "validation",
        "Unknown or archived event types: " + string.Join(", ", names),
        "eventTypes");
}
