namespace Webhooks.Processes.Tests.Harness;

/// <summary>One request as the receiver saw it.</summary>
/// <param name="Order">Its place among all requests, from 0.</param>
/// <param name="Path">The endpoint's path.</param>
/// <param name="Id">The message's id from the headers.</param>
/// <param name="StartedAt">When it arrived, milliseconds since 1970.</param>
/// <param name="EndedAt">When it was answered; null while it is not.</param>
/// <param name="Sha256">Hash of the body, lower-case hexadecimal.</param>
/// <param name="Status">The answer: 200, 503 (failed on purpose), 400 (refused), 0 (broke off); null while there is none.</param>
/// <param name="Invalid">Why one of the official packages refused it; null when both accepted.</param>
internal sealed record Delivery(
    int Order,
    string Path,
    string Id,
    double StartedAt,
    double? EndedAt,
    string? Sha256,
    string? ContentType,
    int? Status,
    string? Invalid)
{
    public bool Succeeded => Status == 200;
}

/// <summary>Totals of a receiver.</summary>
internal sealed record DeliveryCounts(int Received, int Succeeded, int Failed, int Invalid, int Broken, int InFlight);
