using Webhooks.Faults.Histories;

namespace Webhooks.Faults.Checking;

/// <summary>Judges a history by the promises of the system, from what was seen outside alone.</summary>
internal static class Checker
{
    /// <exception cref="InvalidDataException">The history contradicts itself: it is the harness that is wrong.</exception>
    public static Verdict Judge(History history, CheckerLimits limits)
    {
        var index = new HistoryIndex(history);
        var faults = new FaultWindows(history.Faults, limits);
        var findings = new Findings(faults, limits.KeptPerKind);

        var phantomPlaces = LogRule.Judge(index, findings);
        LossRule.Judge(index, phantomPlaces, findings);
        new PhantomRule(index, findings).Judge();
        PublishOrderRule.Judge(index, findings);
        InversionRule.Judge(index, faults, findings);
        new RepeatRule(index, faults, limits, findings).Judge();
        OverlapRule.Judge(index, faults, limits, findings);
        new AttemptRule(index, faults, limits, findings).Judge();
        SignatureRule.Judge(index, findings);

        return new Verdict(Totals(index, findings), Kinds(faults, FlowTimes.Measure(index, faults), findings), findings.Kept, findings.Counts);
    }

    private static VerdictTotals Totals(HistoryIndex index, Findings findings)
    {
        var outcomes = index.History.Published.CountBy(static e => e.Outcome).ToDictionary();
        var deliveries = index.Endpoints.SelectMany(static e => e.Deliveries);
        return new VerdictTotals(
            outcomes.GetValueOrDefault(PublishOutcome.Accepted),
            outcomes.GetValueOrDefault(PublishOutcome.Unknown),
            outcomes.GetValueOrDefault(PublishOutcome.Refused),
            index.Requests.Count,
            deliveries.Count(static d => double.IsFinite(d.SucceededAt)),
            deliveries.Count(static d => d.IsDeadLetter),
            findings.AllRepeats,
            findings.AllUnlisted,
            findings.AllowedOverlaps);
    }

    private static KindFigures[] Kinds(FaultWindows faults, Flow[] flows, Findings findings) =>
    [
        .. Enumerable.Range(0, faults.Count).GroupBy(i => faults[i].Kind).OrderBy(static g => g.Key, StringComparer.Ordinal).Select(kind =>
        {
            var times = kind.Where(i => flows[i].Milliseconds is not null).Select(i => flows[i].Milliseconds!.Value).Order().ToArray();
            return new KindFigures(
                kind.Key,
                kind.Count(),
                kind.Sum(i => findings.Repeats[i]),
                kind.Sum(i => findings.Unlisted[i]),
                times.Length,
                times.Length == 0 ? null : (times[(times.Length - 1) / 2] + times[times.Length / 2]) / 2,
                times.Length == 0 ? null : times[^1],
                kind.Count(i => flows[i].CutShort > 0));
        }),
    ];
}
