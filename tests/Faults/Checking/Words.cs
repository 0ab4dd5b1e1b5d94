using System.Globalization;
using Webhooks.Faults.Histories;

namespace Webhooks.Faults.Checking;

/// <summary>How times, requests, events and faults are written in a verdict.</summary>
internal static class Words
{
    /// <summary>A moment of the run, in seconds to the millisecond.</summary>
    public static string At(double milliseconds) => (milliseconds / 1000).ToString("0.000", CultureInfo.InvariantCulture) + " s";

    public static string Of(InjectedFault fault) => fault.From == fault.Until
        ? $"fault {fault.Number} ({fault.Kind}, {fault.Detail}) at {At(fault.From)}"
        : $"fault {fault.Number} ({fault.Kind}, {fault.Detail}) from {At(fault.From)} to {At(fault.Until)}";

    /// <summary>A request: its place, when it came, and what was answered when.</summary>
    public static string Of(ReceivedRequest request) => request.AnsweredAt is { } answered
        ? $"request {request.Order} at {At(request.ArrivedAt)}, answered {request.Status} at {At(answered)}"
        : $"request {request.Order} at {At(request.ArrivedAt)}, not answered";

    public static string Of(Delivery delivery) => delivery.Event is { } published
        ? $"message {delivery.Message.MessageId} (event {published.Number})"
        : $"message {delivery.Message.MessageId}";

    public static string Of(PublishedEvent published) =>
        $"event {published.Number} ({published.EventType}, application {published.Application}, sent at {At(published.SentAt)}, "
        + $"{published.Outcome} at {At(published.AnsweredAt)}{(published.MessageId is { } id ? " as " + id : "")})";
}
