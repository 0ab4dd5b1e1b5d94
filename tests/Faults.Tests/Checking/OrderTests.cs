using Webhooks.Faults.Checking;
using Webhooks.Faults.Histories;
using static Webhooks.Faults.Tests.Checking.SmallRun;

namespace Webhooks.Faults.Tests.Checking;

/// <summary>Order within lanes, in the log, and one request at a time.</summary>
public sealed class OrderTests
{
    [Fact]
    public void A_strict_endpoint_that_gets_a_later_message_first() => Inverted(Late("strict", 5, 6_500), "strict", 6, "message msg_5 (event 5) of its only lane");

    [Fact]
    public void A_key_that_gets_a_later_message_first() => Inverted(Late("keyed", 3, 6_500), "keyed", 6, "message msg_3 (event 3) of the lane of key 'a'");

    [Fact]
    public void Messages_without_a_key_share_a_lane_in_key_mode() => Inverted(Late("keyed", 5, 8_500), "keyed", 8, "message msg_5 (event 5) of the lane without a key");

    [Fact]
    public void Messages_of_other_keys_may_pass() => Clean(Late("keyed", 3, 5_500));

    [Fact]
    public void An_endpoint_without_order_may_get_them_in_any() => Clean(Late("free", 0, 9_500));

    [Fact]
    public void An_inversion_is_none_the_less_one_in_a_faults_window() => Inverted(Late("strict", 5, 6_500).With(Kill), "strict", 6, "msg_5");

    [Fact]
    public void A_message_that_never_settled_is_an_inversion_too()
    {
        var verdict = Checker.Judge(Healthy.Without("strict", 8), new CheckerLimits());
        Assert.Equal((1, 1), (verdict.Count(ViolationKind.Lost), verdict.Count(ViolationKind.Inversion)));
    }

    [Fact]
    public void Going_back_after_a_fault_and_repeating_in_order_inverts_nothing()
    {
        var back = Again(Again(Healthy.With(Kill), "strict", 4, 5_600), "strict", 5, 5_700);
        Assert.Equal(2, Clean(back).Totals.Repeats);
    }

    [Fact]
    public void A_dead_letter_lets_others_pass_from_its_last_answer_on()
    {
        var dead = Healthy with { DeadLetters = [new("strict", "msg_5", "schedule")] };
        dead = dead.Change("strict", 5, static r => r with { Status = 500 }) with
        {
            Attempts = [.. dead.Attempts.Select(static a => a is { Endpoint: "strict", MessageId: "msg_5" } ? a with { Status = 500 } : a)],
        };
        Clean(dead);
        var later = dead.With(dead.RequestOf("strict", 5) with { ArrivedAt = 6_500, AnsweredAt = 6_510 }).WithAttempt("strict", 5, 500);
        Inverted(later, "strict", 6, "as a dead letter");
        Clean(later.With(Kill));
    }

    [Fact]
    public void An_event_answered_before_another_was_sent_is_earlier_in_the_log()
    {
        // Event 9 is put before event 8 in the log, of which no ordered endpoint tells the difference.
        var history = Healthy with
        {
            Endpoints = [.. Healthy.Endpoints.Where(static e => e.Id == "free")],
            Received = [.. Healthy.Received.Where(static r => r.Endpoint == "free")],
            Attempts = [.. Healthy.Attempts.Where(static a => a.Endpoint == "free")],
            Messages = [.. Healthy.Messages.Take(8), Healthy.Messages[9], Healthy.Messages[8]],
        };
        var violation = Single(history, ViolationKind.PublishOrder);
        Assert.Equal(9, violation.Number);
        Assert.Contains("event 8", violation.Text, StringComparison.Ordinal);
        Clean(history.Change(9, static e => e with { SentAt = 8_005 }));
    }

    [Fact]
    public void Two_requests_of_a_lane_at_once_overlap()
    {
        var violation = Single(Overlapping(Healthy, "strict"), ViolationKind.Overlap);
        Assert.Equal(("strict", 5), (violation.Endpoint, violation.Number));
        Single(Overlapping(Healthy, "keyed"), ViolationKind.Overlap);
        Clean(Overlapping(Healthy, "free"));
    }

    [Fact]
    public void Two_requests_at_once_are_right_after_a_fault_that_took_the_sender() =>
        Assert.Equal(1, Clean(Overlapping(Healthy, "strict").With(Kill with { From = 5_022, Until = 5_022 })).Totals.AllowedOverlaps);

    [Fact]
    public void A_fault_that_began_later_explains_no_overlap() =>
        Single(Overlapping(Healthy, "strict").With(Kill with { From = 5_026, Until = 5_026 }), ViolationKind.Overlap);

    private static History Late(string endpoint, int number, double at) =>
        Healthy.Change(endpoint, number, r => r with { ArrivedAt = at, AnsweredAt = at + 10 });

    private static History Again(History history, string endpoint, int number, double at) =>
        history.With(Healthy.RequestOf(endpoint, number) with { ArrivedAt = at, AnsweredAt = at + 10 }).WithAttempt(endpoint, number, 200, $"atmpt_again_{number}");

    private static History Overlapping(History history, string endpoint) => Again(history, endpoint, 5, 5_025);

    private static void Inverted(History history, string endpoint, int number, string text)
    {
        var violation = Single(history, ViolationKind.Inversion);
        Assert.Equal((endpoint, number), (violation.Endpoint, violation.Number));
        Assert.Contains(text, violation.Text, StringComparison.Ordinal);
    }
}
