using CsCheck;
using Webhooks.Faults.Checking;
using Webhooks.Faults.Histories;

namespace Webhooks.Faults.Tests.Checking;

/// <summary>One change to a healthy history, anywhere, is always found, as what it is.</summary>
public sealed class MutationTests
{
    private static readonly CheckerLimits s_limits = new();

    [Fact]
    public void A_delivery_that_is_left_out_is_lost() => Always(ViolationKind.Lost, static (history, random) =>
    {
        var dead = history.DeadLetters.Select(static d => (d.Endpoint, d.MessageId)).ToHashSet();
        return Pick(random, history.Received.Where(r => r.Status is 200 or 204 && !dead.Contains((r.Endpoint, r.MessageId)))) is not { } chosen ? null : history with
        {
            Received = [.. history.Received.Where(r => r.Endpoint != chosen.Endpoint || r.MessageId != chosen.MessageId)],
            Attempts = [.. history.Attempts.Where(a => a.Endpoint != chosen.Endpoint || a.MessageId != chosen.MessageId)],
        };
    });

    [Fact]
    public void Two_arrivals_of_a_lane_that_change_places_are_an_inversion() => Always(ViolationKind.Inversion, static (history, random) =>
    {
        var events = history.Published.ToDictionary(static e => e.Number);
        var endpoints = history.Endpoints.ToDictionary(static e => e.Id);
        // When a dead letter let others pass is not known exactly: those are left out.
        var dead = history.DeadLetters.Select(static d => (d.Endpoint, d.MessageId)).ToHashSet();
        var firsts = history.Received.Where(r => !dead.Contains((r.Endpoint, r.MessageId))).GroupBy(static r => (r.Endpoint, r.Number)).Select(static g => g.First());
        var lane = Pick(random, firsts.GroupBy(r => (r.Endpoint, Lane: GeneratedRun.LaneOf(endpoints[r.Endpoint], events[r.Number]))).Select(static g => g.ToArray()).Where(static g => g.Length > 1));
        if (lane is null)
        {
            return null;
        }

        random.Shuffle(lane);
        var (one, other) = (lane[0], lane[1]);
        return history with
        {
            Received =
            [
                .. history.Received.Select(r => r == one ? r with { MessageId = other.MessageId, Number = other.Number }
                    : r == other ? r with { MessageId = one.MessageId, Number = one.Number } : r),
            ],
        };
    });

    [Fact]
    public void A_success_that_is_repeated_away_from_faults_is_a_double() => Always(ViolationKind.Double, static (history, random) =>
        LastSuccess(history, random) is not { } chosen ? null : history with
        {
            Received = [.. history.Received, chosen with { Order = history.Received.Count, ArrivedAt = End(history) + 1, AnsweredAt = End(history) + 2 }],
            Attempts = [.. history.Attempts, new ListedAttempt(chosen.Endpoint, chosen.MessageId, "atmpt_new", chosen.Status)],
        });

    [Fact]
    public void An_attempt_that_the_list_lacks_away_from_faults_is_unlisted() => Always(ViolationKind.Unlisted, static (history, random) =>
        LastSuccess(history, random) is not { } chosen ? null : history with
        {
            Attempts = [.. history.Attempts.Where(a => a.Endpoint != chosen.Endpoint || a.MessageId != chosen.MessageId || a.Status != chosen.Status)],
        });

    [Fact]
    public void A_listed_attempt_that_nobody_saw_is_unseen() => Always(ViolationKind.Unseen, static (history, random) =>
        Pick(random, history.Received) is not { } chosen ? null : history with
        {
            Attempts = [.. history.Attempts, new ListedAttempt(chosen.Endpoint, chosen.MessageId, "atmpt_new", 418)],
        });

    [Fact]
    public void A_request_of_what_was_never_published_is_a_phantom() => Always(ViolationKind.Phantom, static (history, random) =>
        Pick(random, history.Received) is not { } chosen ? null : history with
        {
            Received = [.. history.Received, chosen with { Order = history.Received.Count, MessageId = "msg_new", Number = 1_000_000, ArrivedAt = End(history) + 1 }],
        });

    [Fact]
    public void A_request_at_an_endpoint_of_another_application_is_a_phantom() => Always(ViolationKind.Phantom, static (history, random) =>
        Pick(random, history.Received) is not { } chosen
        || Pick(random, history.Endpoints.Where(e => e.Application != history.Endpoints.First(o => o.Id == chosen.Endpoint).Application)) is not { } other ? null : history with
        {
            Received = [.. history.Received, chosen with { Order = history.Received.Count, Endpoint = other.Id, ArrivedAt = End(history) + 1 }],
        });

    [Fact]
    public void An_accepted_message_that_leaves_the_log_is_lost() => Always(ViolationKind.Lost, static (history, random) =>
        Pick(random, history.Published.Where(static e => e.Outcome == PublishOutcome.Accepted)) is not { } chosen ? null : history with
        {
            Messages = [.. history.Messages.Where(m => m.MessageId != chosen.MessageId)],
        });

    /// <summary>A success with no fault's window over it, after which the message was not tried again.</summary>
    private static ReceivedRequest? LastSuccess(History history, Random random)
    {
        var faults = new FaultWindows(history.Faults, s_limits);
        return Pick(random, history.Received.GroupBy(static r => (r.Endpoint, r.MessageId)).Select(static g => g.Last())
            .Where(r => r.Status is 200 or 204 && faults.Explains(r.AnsweredAt!.Value, r.AnsweredAt.Value) is null));
    }

    private static double End(History history) => history.Received.Max(static r => r.AnsweredAt ?? r.ArrivedAt);

    private static T? Pick<T>(Random random, IEnumerable<T> items)
        where T : class
    {
        var all = items.ToArray();
        return all.Length == 0 ? null : all[random.Next(all.Length)];
    }

    /// <summary>Over at least 1,000 histories; those in which the change cannot be made do not count.</summary>
    private static void Always(ViolationKind kind, Func<History, Random, History?> mutate)
    {
        var changed = 0;
        Gen.Int.Sample(
            seed =>
            {
                if (mutate(GeneratedRun.Of(seed), new Random(seed)) is not { } mutant)
                {
                    return;
                }

                Interlocked.Increment(ref changed);
                var verdict = Checker.Judge(mutant, s_limits);
                Assert.True(verdict.Count(kind) > 0, VerdictTable.Write(verdict));
            },
            iter: 2_500);
        Assert.True(changed >= 1_000, $"Only {changed} histories were changed.");
    }
}
