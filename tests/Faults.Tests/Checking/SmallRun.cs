using Webhooks.Faults.Checking;
using Webhooks.Faults.Histories;

namespace Webhooks.Faults.Tests.Checking;

/// <summary>
/// A short healthy history that a reader can follow: ten events of one application, one a second, sent at n.000 s,
/// answered at n.010 s, received by each endpoint at n.020 s and answered 200 at n.030 s.
/// </summary>
internal static class SmallRun
{
    public static History Healthy { get; } = Build();

    /// <summary>A kill at 5.500 s: its window is 2.500 s to 20.500 s.</summary>
    public static InjectedFault Kill { get; } = new(1, "kill-silo", "silo 2", 5_500, 5_500, LosesOutcomes: true);

    public static ReceivedRequest RequestOf(this History history, string endpoint, int number) =>
        history.Received.Single(r => r.Endpoint == endpoint && r.Number == number);

    public static History With(this History history, InjectedFault fault) => history with { Faults = [.. history.Faults, fault] };

    public static History With(this History history, ReceivedRequest request) => history with { Received = [.. history.Received, request with { Order = 1_000 }] };

    public static History WithAttempt(this History history, string endpoint, int number, int status, string id = "atmpt_new") =>
        history with { Attempts = [.. history.Attempts, new ListedAttempt(endpoint, $"msg_{number}", id, status)] };

    public static History Without(this History history, string endpoint, int number) => history with
    {
        Received = [.. history.Received.Where(r => r.Endpoint != endpoint || r.Number != number)],
        Attempts = [.. history.Attempts.Where(a => a.Endpoint != endpoint || a.MessageId != $"msg_{number}")],
    };

    public static History Change(this History history, int number, Func<PublishedEvent, PublishedEvent> change) =>
        history with { Published = [.. history.Published.Select(e => e.Number == number ? change(e) : e)] };

    public static History Change(this History history, string endpoint, int number, Func<ReceivedRequest, ReceivedRequest> change) =>
        history with { Received = [.. history.Received.Select(r => r.Endpoint == endpoint && r.Number == number ? change(r) : r)] };

    /// <summary>The only violation there is.</summary>
    public static Violation Single(History history, ViolationKind kind)
    {
        var verdict = Checker.Judge(history, new CheckerLimits());
        var violation = Assert.Single(verdict.Violations);
        Assert.Equal(kind, violation.Kind);
        return violation;
    }

    public static Verdict Clean(History history)
    {
        var verdict = Checker.Judge(history, new CheckerLimits());
        Assert.True(verdict.IsClean, VerdictTable.Write(verdict));
        return verdict;
    }

    private static History Build()
    {
        SubscribedEndpoint[] endpoints =
        [
            new("strict", "acme", OrderMode.Strict, []),
            new("keyed", "acme", OrderMode.Key, []),
            new("free", "acme", OrderMode.None, []),
            new("paid", "acme", OrderMode.Strict, ["order.paid"]),
            new("other", "globex", OrderMode.Strict, []),
        ];
        // Keys a, b, none, a, b, none …; each second event is order.paid.
        PublishedEvent[] published =
        [
            .. Enumerable.Range(0, 10).Select(static n => new PublishedEvent(
                n, "acme", n % 2 == 0 ? "order.paid" : "order.sent", (n % 3) switch { 0 => "a", 1 => "b", _ => null }, PublishOutcome.Accepted, $"msg_{n}", n * 1000, (n * 1000) + 10, 1)),
        ];
        var run = new DeliveredRun();
        foreach (var entry in published)
        {
            foreach (var endpoint in endpoints.Where(e => e.Application == entry.Application && (e.EventTypes.Count == 0 || e.EventTypes.Contains(entry.EventType))))
            {
                run.Receive(endpoint.Id, entry.MessageId!, entry.Number, entry.SentAt + 20, entry.SentAt + 30, 200);
                run.Attempts.Add(run.NewAttempt(endpoint.Id, entry.MessageId!, 200));
            }
        }

        return new History(endpoints, published, run.ReceivedInOrder(), [.. published.Select(static e => new ListedMessage(e.Application, e.MessageId!, e.EventType))], run.Attempts, [], []);
    }
}
