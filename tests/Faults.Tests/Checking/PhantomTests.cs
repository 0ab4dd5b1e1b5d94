using Webhooks.Faults.Checking;
using Webhooks.Faults.Histories;
using static Webhooks.Faults.Tests.Checking.SmallRun;

namespace Webhooks.Faults.Tests.Checking;

/// <summary>What is there and should not be.</summary>
public sealed class PhantomTests
{
    private static readonly ReceivedRequest s_request = new(1_000, "free", "msg_77", 77, 9_500, 9_510, 200, null);

    [Fact]
    public void A_number_that_was_never_sent() => Told(Healthy.With(s_request), "free", "msg_77", "never published");

    [Fact]
    public void An_event_whose_publish_was_refused() => Told(
        (Healthy with { Published = [.. Healthy.Published, new(77, "acme", "order.paid", null, PublishOutcome.Refused, null, 9_100, 9_110, 1)] }).With(s_request),
        "free", "msg_77", "was refused");

    [Fact]
    public void An_event_of_another_application() =>
        Told(Healthy.With(Healthy.RequestOf("free", 3) with { Endpoint = "other" }), "other", "msg_3", "of another application than globex");

    [Fact]
    public void An_event_of_a_type_that_the_endpoint_did_not_ask_for() =>
        Told(Healthy.With(Healthy.RequestOf("free", 3) with { Endpoint = "paid" }), "paid", "msg_3", "did not ask for (order.paid)");

    [Fact]
    public void An_endpoint_that_does_not_exist() =>
        Told(Healthy.With(Healthy.RequestOf("free", 3) with { Endpoint = "gone" }), "gone", "msg_3", "no such endpoint");

    [Fact]
    public void A_request_before_its_event_was_sent() =>
        Told(Healthy.Change("free", 3, static r => r with { ArrivedAt = 2_999 }), "free", "msg_3", "was sent later");

    [Fact]
    public void One_event_as_two_messages() =>
        Told(Healthy.With(Healthy.RequestOf("free", 3) with { MessageId = "msg_3b" }), "free", "msg_3b", "event 3 is message msg_3: one event became two messages");

    [Fact]
    public void One_event_twice_in_the_log_is_told_once_per_message()
    {
        var twice = Healthy with { Messages = [.. Healthy.Messages, new("acme", "msg_9b", "order.sent")] };
        foreach (var endpoint in (string[])["strict", "keyed", "free"])
        {
            twice = twice.With(new ReceivedRequest(0, endpoint, "msg_9b", 9, 9_500, 9_510, 200, null)) with
            {
                Attempts = [.. twice.Attempts, new(endpoint, "msg_9b", "atmpt_b_" + endpoint, 200)],
            };
        }

        Told(twice, "strict", "msg_9b", "one event became two messages");
    }

    [Fact]
    public void One_message_id_with_two_numbers() =>
        Told(Healthy.Change("free", 3, static r => r with { Number = 0 }), "free", "msg_3", "message msg_3 is event 3: one message id carries two numbers");

    [Fact]
    public void Two_events_answered_with_one_message() =>
        Told(Healthy with { Published = [.. Healthy.Published, Healthy.Published[9] with { Number = 77 }] }, null, "msg_9", "events 9 and 77 were both answered");

    [Fact]
    public void An_event_of_unknown_outcome_that_is_received_but_not_in_the_log() => Told(
        (Healthy with { Published = [.. Healthy.Published, new(77, "acme", "order.paid", null, PublishOutcome.Unknown, null, 9_100, 9_110, 1)] }).With(s_request),
        "free", "msg_77", "is not in the log");

    [Fact]
    public void A_message_in_the_log_that_nobody_published() =>
        Told(Healthy with { Messages = [.. Healthy.Messages, new("acme", "msg_77", "order.paid")] }, null, "msg_77", "no event of unknown outcome is left");

    [Fact]
    public void A_message_in_the_log_of_an_unknown_event_that_no_endpoint_gets_is_none()
    {
        var unknown = new PublishedEvent(77, "nobody", "order.paid", null, PublishOutcome.Unknown, null, 9_100, 9_110, 1);
        Clean(Healthy with { Published = [.. Healthy.Published, unknown], Messages = [.. Healthy.Messages, new("nobody", "msg_77", "order.paid")] });
    }

    [Fact]
    public void A_message_that_is_twice_in_the_log() =>
        Told(Healthy with { Messages = [.. Healthy.Messages, Healthy.Messages[3]] }, null, "msg_3", "lists message msg_3 twice");

    [Fact]
    public void A_message_that_the_log_lists_under_another_type() =>
        Told(Healthy with { Messages = [.. Healthy.Messages.Select(static m => m.MessageId == "msg_3" ? m with { EventType = "user.left" } : m)] }, null, "msg_3", "as user.left");

    [Fact]
    public void A_dead_letter_of_what_does_not_belong_to_the_endpoint() =>
        Told(Healthy with { DeadLetters = [new("paid", "msg_x", "schedule")] }, "paid", "msg_x", "does not belong");

    private static void Told(History history, string? endpoint, string message, string text)
    {
        var violation = Single(history, ViolationKind.Phantom);
        Assert.Equal((endpoint, message), (violation.Endpoint, violation.MessageId));
        Assert.Contains(text, violation.Text, StringComparison.Ordinal);
    }
}
