using Webhooks.Faults.Histories;

namespace Webhooks.Faults.Tests.Checking;

/// <summary>
/// The history of a healthy system, made up from a seed: applications with endpoints of all modes and types, events of all
/// outcomes, failed attempts, dead letters, and faults after which each endpoint goes back to what it had not committed.
/// </summary>
internal static class GeneratedRun
{
    private static readonly string[] s_types = ["order.paid", "order.sent", "user.left"];
    private static readonly string[] s_kinds = ["kill-silo", "postgres-restart", "clock-jump"];

    public static History Of(int seed, int maxEvents = 60)
    {
        var random = new Random(seed);
        var endpoints = Endpoints(random);
        var log = new List<(double CommittedAt, ListedMessage Message, PublishedEvent Event)>();
        var published = Publish(random, endpoints[^1].Application[^1] - '0' + 1, random.Next(1, maxEvents + 1), log);
        log.Sort(static (a, b) => a.CommittedAt.CompareTo(b.CommittedAt));
        var faults = Faults(random, log);

        var run = new DeliveredRun();
        foreach (var endpoint in endpoints)
        {
            var entries = log.Where(e => e.Message.Application == endpoint.Application
                && (endpoint.EventTypes.Count == 0 || endpoint.EventTypes.Contains(e.Message.EventType)));
            var losses = faults.Select(f => f.LosesOutcomes ? random.Next(0, 2000) : -1).ToArray();
            foreach (var lane in entries.GroupBy(e => LaneOf(endpoint, e.Event)))
            {
                new GeneratedLane(random, endpoint, [.. lane.Select(static e => (e.CommittedAt, e.Event.Number, e.Message.MessageId))], faults, losses, run).Run();
            }
        }

        return new History(endpoints, published, run.ReceivedInOrder(), [.. log.Select(static e => e.Message)], run.Attempts, run.DeadLetters, faults);
    }

    public static object LaneOf(SubscribedEndpoint endpoint, PublishedEvent published) => endpoint.Order switch
    {
        OrderMode.Strict => "",
        OrderMode.Key => published.OrderingKey ?? "",
        _ => published.Number,
    };

    /// <summary>Faults in the midst of deliveries: a moment after a commit.</summary>
    private static InjectedFault[] Faults(Random random, List<(double CommittedAt, ListedMessage Message, PublishedEvent Event)> log)
    {
        var faults = new List<InjectedFault>();
        foreach (var (committedAt, _, _) in log)
        {
            var from = committedAt + random.Next(1, 60);
            if (random.Next(15) == 0 && (faults.Count == 0 || from > faults[^1].Until))
            {
                var kind = s_kinds[random.Next(s_kinds.Length)];
                var until = from + (kind == "postgres-restart" ? random.Next(100, 5_000) : 0);
                faults.Add(new InjectedFault(faults.Count + 1, kind, "generated", from, until, kind != "clock-jump"));
            }
        }

        return [.. faults];
    }

    private static SubscribedEndpoint[] Endpoints(Random random) =>
    [
        .. Enumerable.Range(0, random.Next(1, 4)).SelectMany(application => Enumerable.Range(0, random.Next(1, 4)).Select(place =>
            new SubscribedEndpoint($"ep_{application}_{place}", $"app_{application}", (OrderMode)random.Next(3), random.Next(3) == 0 ? [] : [.. s_types.Take(random.Next(1, 4))]))),
    ];

    private static List<PublishedEvent> Publish(Random random, int applications, int count, List<(double, ListedMessage, PublishedEvent)> log)
    {
        var published = new List<PublishedEvent>();
        var at = 0.0;
        for (var number = 0; number < count; number++)
        {
            at += random.Next(4) == 0 ? random.Next(10_000) : random.Next(1, 100);
            var (sent, committed) = (at, at + random.Next(1, 200));
            var outcome = random.Next(12) switch { 0 => PublishOutcome.Refused, 1 => PublishOutcome.Unknown, _ => PublishOutcome.Accepted };
            var id = $"msg_{number}";
            var entry = new PublishedEvent(
                number, $"app_{random.Next(applications)}", s_types[random.Next(s_types.Length)], random.Next(3) == 0 ? null : $"key-{random.Next(3)}",
                outcome, outcome == PublishOutcome.Accepted ? id : null, sent, committed + random.Next(1, 100), random.Next(1, 3));
            published.Add(entry);
            if (outcome == PublishOutcome.Accepted || (outcome == PublishOutcome.Unknown && random.Next(2) == 0))
            {
                log.Add((committed, new ListedMessage(entry.Application, id, entry.EventType), entry));
            }
        }

        return published;
    }
}
