using Webhooks.Faults.Checking;
using Webhooks.Faults.Histories;
using static Webhooks.Faults.Tests.Checking.SmallRun;

namespace Webhooks.Faults.Tests.Checking;

/// <summary>Repeats, and the attempts that the API lists beside what receivers saw.</summary>
public sealed class RepeatTests
{
    [Fact]
    public void A_repeat_without_a_fault_is_a_double()
    {
        var violation = Single(Again(Healthy, 5, 5_600), ViolationKind.Double);
        Assert.Equal(("free", "msg_5", 5), (violation.Endpoint, violation.MessageId, violation.Number));
        Assert.Contains("no fault that loses outcomes", violation.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_repeat_in_a_faults_window_is_counted_for_it()
    {
        var verdict = Clean(Again(Healthy, 5, 5_600).With(Kill).With(Kill with { Number = 2, Kind = "kill-gateway", From = 90_000, Until = 90_000 }));
        Assert.Equal(("kill-silo", 1), (verdict.Kinds[1].Kind, verdict.Kinds[1].Repeats));
        Assert.Equal(0, verdict.Kinds[0].Repeats);
    }

    [Theory]
    [InlineData(8_020, false)]
    [InlineData(8_040, true)]
    public void A_success_older_than_what_can_be_uncommitted_is_not_repeated(double faultAt, bool isDouble) =>
        Repeated(Again(Healthy, 5, 9_600).With(Kill with { From = faultAt, Until = faultAt }), isDouble);

    [Theory]
    [InlineData(5_030, false)]
    [InlineData(5_025, true)]
    public void A_success_long_after_a_fault_is_not_repeated(double settledAt, bool isDouble) =>
        Repeated(Again(Healthy, 5, 9_600).With(Kill with { From = settledAt - 15_000, Until = settledAt - 15_000 }), isDouble);

    [Fact]
    public void A_repeat_before_the_fault_is_a_double() => Repeated(Again(Healthy, 5, 5_499).With(Kill), isDouble: true);

    [Fact]
    public void A_fault_that_loses_no_outcomes_explains_nothing() => Repeated(Again(Healthy, 5, 5_600).With(Kill with { LosesOutcomes = false }), isDouble: true);

    [Fact]
    public void An_answer_after_the_attempts_deadline_is_no_success_that_must_be_known() =>
        Clean(Again(Healthy.Change("free", 5, static r => r with { AnsweredAt = r.ArrivedAt + 30_001 }), 5, 90_000));

    [Fact]
    public void One_fault_explains_no_more_than_can_be_uncommitted_and_in_flight()
    {
        var history = Again(Again(Again(Healthy.With(Kill), 3, 5_600), 4, 5_600), 5, 5_600);
        Assert.True(Checker.Judge(history, new CheckerLimits(UncommittedOutcomes: 2, InFlight: 1)).IsClean);
        var verdict = Checker.Judge(history, new CheckerLimits(UncommittedOutcomes: 1, InFlight: 1));
        Assert.Equal(ViolationKind.TooManyRepeats, Assert.Single(verdict.Violations).Kind);
    }

    [Theory]
    [InlineData(8, true)]
    [InlineData(9, false)]
    public void One_fault_explains_no_longer_a_stretch_than_an_outcome_may_wait(int last, bool clean)
    {
        var history = Again(Again(Healthy.With(Kill with { From = 7_000, Until = 7_000 }), 5, 9_600), last, 9_600);
        var verdict = Checker.Judge(history, new CheckerLimits());
        Assert.Equal(clean, verdict.IsClean);
        Assert.All(verdict.Violations, static violation => Assert.Equal(ViolationKind.TooManyRepeats, violation.Kind));
    }

    [Fact]
    public void A_listed_attempt_that_nobody_saw()
    {
        var violation = Single(Healthy.WithAttempt("strict", 5, 503), ViolationKind.Unseen);
        Assert.Equal(("strict", 5), (violation.Endpoint, violation.Number));
        Single(Healthy.WithAttempt("strict", 5, 503).With(Kill), ViolationKind.Unseen);
        Clean(Healthy.WithAttempt("strict", 5, 0));
    }

    [Fact]
    public void An_attempt_id_that_is_listed_twice() =>
        Assert.Contains("listed twice", Single(Healthy with { Attempts = [.. Healthy.Attempts.Skip(1), Healthy.Attempts[0] with { AttemptId = Healthy.Attempts[1].AttemptId }] }, ViolationKind.Unseen).Text, StringComparison.Ordinal);

    [Fact]
    public void An_attempt_of_a_message_that_does_not_belong_to_the_endpoint() =>
        Assert.Equal("paid", Single(Healthy.WithAttempt("paid", 5, 0), ViolationKind.Unseen).Endpoint);

    [Fact]
    public void An_attempt_that_was_seen_and_is_not_listed()
    {
        var history = Healthy with { Attempts = [.. Healthy.Attempts.Where(static a => a is not { Endpoint: "strict", MessageId: "msg_5" })] };
        var violation = Single(history, ViolationKind.Unlisted);
        Assert.Equal(("strict", 5), (violation.Endpoint, violation.Number));
        Assert.Equal(1, Assert.Single(Clean(history.With(Kill)).Kinds).Unlisted);
    }

    [Fact]
    public void An_unanswered_request_that_is_not_listed()
    {
        var history = Healthy.With(Healthy.RequestOf("free", 5) with { ArrivedAt = 5_005, AnsweredAt = null, Status = 0 });
        Single(history, ViolationKind.Unlisted);
        Clean(history.WithAttempt("free", 5, 0));
        Clean(history.With(Kill));
    }

    [Fact]
    public void A_late_success_alone_does_not_make_a_delivery() => Single(
        Healthy.Change("free", 9, static r => r with { AnsweredAt = r.ArrivedAt + 30_001 }) with
        {
            Attempts = [.. Healthy.Attempts.Select(static a => a is { Endpoint: "free", MessageId: "msg_9" } ? a with { Status = 0 } : a)],
        },
        ViolationKind.Unlisted);

    [Fact]
    public void An_invalid_signature_is_told()
    {
        var violation = Single(Healthy.Change("keyed", 5, static r => r with { Invalid = "no signature matches" }), ViolationKind.Invalid);
        Assert.Equal(("keyed", 5), (violation.Endpoint, violation.Number));
        Assert.Contains("no signature matches", violation.Text, StringComparison.Ordinal);
    }

    private static History Again(History history, int number, double at) =>
        history.With(Healthy.RequestOf("free", number) with { ArrivedAt = at, AnsweredAt = at + 10 }).WithAttempt("free", number, 200, $"atmpt_again_{number}");

    private static void Repeated(History history, bool isDouble)
    {
        if (isDouble)
        {
            Single(history, ViolationKind.Double);
        }
        else
        {
            Clean(history);
        }
    }
}
