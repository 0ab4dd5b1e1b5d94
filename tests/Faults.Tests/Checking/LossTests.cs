using Webhooks.Faults.Checking;
using Webhooks.Faults.Histories;
using static Webhooks.Faults.Tests.Checking.SmallRun;

namespace Webhooks.Faults.Tests.Checking;

/// <summary>What is lost, and what only looks so.</summary>
public sealed class LossTests
{
    [Fact]
    public void The_small_run_is_clean() => Clean(Healthy);

    [Fact]
    public void An_event_that_an_endpoint_never_got_is_lost()
    {
        var violation = Single(Healthy.Without("strict", 9), ViolationKind.Lost);
        Assert.Equal(("strict", "msg_9", 9), (violation.Endpoint, violation.MessageId, violation.Number));
        Assert.Contains("never received", violation.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_that_only_failed_is_lost()
    {
        var failed = Healthy.Without("strict", 9).With(Healthy.RequestOf("strict", 9) with { Status = 500 }).WithAttempt("strict", 9, 500);
        Assert.Contains("no 2xx in 1 requests", Single(failed, ViolationKind.Lost).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dead_letter_is_not_lost() =>
        Assert.Equal(1, Clean(Healthy.Without("strict", 4) with { DeadLetters = [new("strict", "msg_4", "schedule")] }).Totals.DeadLetters);

    [Fact]
    public void An_accepted_event_that_is_not_in_the_log_is_lost()
    {
        var violation = Single(Healthy with { Messages = [.. Healthy.Messages.Where(static m => m.MessageId != "msg_4")] }, ViolationKind.Lost);
        Assert.Equal((null, "msg_4", 4), (violation.Endpoint, violation.MessageId, violation.Number));
    }

    [Fact]
    public void An_event_of_unknown_outcome_that_one_endpoint_got_must_reach_the_others() =>
        Assert.Equal("free", Single(Unknown(9).Without("free", 9), ViolationKind.Lost).Endpoint);

    [Fact]
    public void An_event_of_unknown_outcome_may_be_everywhere_or_nowhere()
    {
        Clean(Unknown(9));
        var nowhere = Healthy.Endpoints.Aggregate(Unknown(9), static (history, endpoint) => history.Without(endpoint.Id, 9));
        Clean(nowhere with { Messages = [.. nowhere.Messages.Where(static m => m.MessageId != "msg_9")] });
    }

    private static History Unknown(int number) => Healthy.Change(number, static e => e with { Outcome = PublishOutcome.Unknown, MessageId = null });
}
