using System.Globalization;
using Webhooks.Faults.Checking;
using Webhooks.Faults.Histories;
using static Webhooks.Faults.Tests.Checking.SmallRun;

namespace Webhooks.Faults.Tests.Checking;

/// <summary>Times to flow, the printed table, the command, and how long a judgement takes.</summary>
public sealed class VerdictTests
{
    [Fact]
    public void The_time_to_flow_is_that_of_the_slowest_endpoint()
    {
        // The kill is at 5.500 s; event 6 is the first one after it, and reaches the endpoint without order at 7.000 s only.
        var verdict = Clean(Healthy.With(Kill).Change("free", 6, static r => r with { ArrivedAt = 7_000, AnsweredAt = 7_010 }));
        Assert.Equal(new KindFigures("kill-silo", 1, 0, 0, 1, 1_500, 1_500, 0), Assert.Single(verdict.Kinds));
    }

    [Fact]
    public void What_was_sent_before_the_fault_and_comes_after_it_is_no_new_flow()
    {
        var verdict = Clean(Healthy.With(Kill).Change("free", 5, static r => r with { ArrivedAt = 5_600, AnsweredAt = 5_610 }));
        Assert.Equal(520, Assert.Single(verdict.Kinds).FlowMax);
    }

    [Fact]
    public void A_fault_with_the_next_one_at_its_heels_has_no_time_of_its_own()
    {
        var verdict = Clean(Healthy.With(Kill).With(Kill with { Number = 2, From = 6_015, Until = 6_015 }).With(Kill with { Number = 3, From = 8_500, Until = 8_500 }));
        var kind = Assert.Single(verdict.Kinds); // The second one waits for event 8, the next that 'paid' gets.
        Assert.Equal((3, 2, 1), (kind.Count, kind.Flowed, kind.CutShort));
        Assert.Equal((1_262.5, 2_005), (kind.FlowMedian, kind.FlowMax));
    }

    [Fact]
    public void The_table_of_a_clean_run_ends_with_its_verdict()
    {
        var text = VerdictTable.Write(Clean(Healthy.With(Kill)));
        Assert.Contains("| kill-silo | 1 | 0 | 0 | 0.52 | 0.52 | 0 |\n", text, StringComparison.Ordinal);
        Assert.Contains("| accepted | 10 |\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\n\nverdict: clean\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_writes_out_twenty_violations_and_none_hides_a_rarer_kind()
    {
        var history = Healthy with { Received = [.. Healthy.Received.Select(static r => r with { Invalid = "no signature" })], Messages = [.. Healthy.Messages, Healthy.Messages[3]] };
        var lines = VerdictTable.Write(Checker.Judge(history, new CheckerLimits(KeptPerKind: 30))).TrimEnd('\n').Split('\n');
        Assert.Equal("verdict: 36 violations", lines[^1]);
        Assert.Equal(VerdictTable.Written, lines.Count(static l => l.StartsWith("- ", StringComparison.Ordinal)));
        Assert.Contains(lines, static l => l.StartsWith("- Phantom: ", StringComparison.Ordinal));
    }

    [Fact]
    public void The_command_judges_a_folder()
    {
        var folder = Directory.CreateTempSubdirectory("history-");
        try
        {
            var (output, errors) = (new StringWriter(CultureInfo.InvariantCulture), new StringWriter(CultureInfo.InvariantCulture));
            Assert.Equal(2, CheckCommand.Run([folder.FullName], output, errors));
            HistoryFiles.Write(folder.FullName, Healthy);
            Assert.Equal(0, CheckCommand.Run([folder.FullName], output, errors));
            Assert.EndsWith("verdict: clean\n", output.ToString(), StringComparison.Ordinal);
            HistoryFiles.Write(folder.FullName, Healthy.Without("free", 3));
            Assert.Equal(1, CheckCommand.Run([folder.FullName], output, errors));
            Assert.EndsWith("verdict: 1 violations\n", output.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_long_history_is_judged_in_seconds()
    {
        const int Events = 200_000;
        SubscribedEndpoint[] endpoints = [new("strict", "acme", OrderMode.Strict, []), new("keyed", "acme", OrderMode.Key, []), new("free", "acme", OrderMode.None, [])];
        PublishedEvent[] published = [.. Enumerable.Range(0, Events).Select(static n => new PublishedEvent(n, "acme", "order.paid", $"key-{n % 1000}", PublishOutcome.Accepted, $"msg_{n}", n, n + 0.1, 1))];
        var run = new DeliveredRun();
        foreach (var entry in published)
        {
            foreach (var endpoint in endpoints)
            {
                run.Receive(endpoint.Id, entry.MessageId!, entry.Number, entry.SentAt + 0.2, entry.SentAt + 0.3, 200);
                run.Attempts.Add(run.NewAttempt(endpoint.Id, entry.MessageId!, 200));
            }
        }

        var history = new History(endpoints, published, run.ReceivedInOrder(), [.. published.Select(static e => new ListedMessage("acme", e.MessageId!, e.EventType))], run.Attempts, [],
            [.. Enumerable.Range(1, 500).Select(static n => Kill with { Number = n, From = n * 400, Until = n * 400 })]);
        var began = TimeProvider.System.GetTimestamp();
        Clean(history);
        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(60), "Too slow.");
    }
}
