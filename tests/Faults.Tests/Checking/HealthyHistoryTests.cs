using CsCheck;
using Webhooks.Faults.Checking;
using Webhooks.Faults.Histories;

namespace Webhooks.Faults.Tests.Checking;

/// <summary>A system that keeps its promises is judged clean.</summary>
public sealed class HealthyHistoryTests
{
    [Fact]
    public void A_healthy_history_is_clean() => Gen.Int.Sample(
        static seed =>
        {
            var verdict = Checker.Judge(GeneratedRun.Of(seed), new CheckerLimits());
            Assert.True(verdict.IsClean, VerdictTable.Write(verdict));
        },
        iter: 2_000);

    [Fact]
    public void Generated_histories_hold_all_that_the_rules_allow()
    {
        var verdicts = Enumerable.Range(0, 300).Select(static seed => Checker.Judge(GeneratedRun.Of(seed), new CheckerLimits())).ToArray();
        Assert.All(
            [
                verdicts.Sum(static v => v.Totals.Repeats), verdicts.Sum(static v => v.Totals.Unlisted), verdicts.Sum(static v => v.Totals.AllowedOverlaps),
                verdicts.Sum(static v => v.Totals.DeadLetters), verdicts.Sum(static v => v.Totals.Refused), verdicts.Sum(static v => v.Totals.Unknown),
                verdicts.Sum(static v => v.Kinds.Sum(static k => k.Flowed)), verdicts.Sum(static v => v.Kinds.Sum(static k => k.CutShort)),
            ],
            static count => Assert.True(count > 20, $"Only {count}."));
    }

    [Fact]
    public void An_empty_history_is_clean() =>
        Assert.True(Checker.Judge(new History([], [], [], [], [], [], []), new CheckerLimits()).IsClean);
}
