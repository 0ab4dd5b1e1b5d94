using System.ComponentModel.DataAnnotations;

namespace Webhooks.Gateway.Api.Inbox;

/// <summary>The built-in receiver. Section <c>Webhooks:Inbox</c>.</summary>
public sealed class InboxOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Webhooks:Inbox";

    /// <summary>Whether there are inboxes. Default: in the environment Development alone.</summary>
    public bool? Enabled { get; set; }

    /// <summary>Inboxes that a gateway keeps at most; the one that was used least lately goes first. Default 50.</summary>
    [Range(1, 1000)]
    public int MaxInboxes { get; set; } = 50;

    /// <summary>Requests that an inbox keeps at most; the oldest go first. Default 100.</summary>
    [Range(1, 10_000)]
    public int MaxRequests { get; set; } = 100;

    /// <summary>Bytes that an inbox keeps at most, bodies and headers; a longer request is answered 413. Default 4 MiB.</summary>
    [Range(64 * 1024, 64 * 1024 * 1024)]
    public int MaxBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Requests that an inbox answers at a time; further ones are answered 503 and not kept. Default 64.</summary>
    [Range(1, 1000)]
    public int MaxInFlight { get; set; } = 64;

    /// <summary>Pages that may look at an inbox at a time. Default 20.</summary>
    [Range(1, 1000)]
    public int MaxWatchers { get; set; } = 20;
}
