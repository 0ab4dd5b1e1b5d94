namespace Webhooks.Faults.Checking;

/// <summary>What a history shows.</summary>
/// <param name="Totals">Numbers over the whole run.</param>
/// <param name="Kinds">What each kind of fault did, by name.</param>
/// <param name="Violations">Broken promises, the first of each kind.</param>
/// <param name="Counts">All broken promises by kind, also those whose text was not kept.</param>
internal sealed record Verdict(
    VerdictTotals Totals,
    IReadOnlyList<KindFigures> Kinds,
    IReadOnlyList<Violation> Violations,
    IReadOnlyDictionary<ViolationKind, int> Counts)
{
    public int ViolationCount => Counts.Values.Sum();

    public bool IsClean => ViolationCount == 0;

    public int Count(ViolationKind kind) => Counts.GetValueOrDefault(kind);
}

/// <summary>Numbers over the whole run.</summary>
/// <param name="Accepted">Events answered 202.</param>
/// <param name="Unknown">Events of unknown outcome.</param>
/// <param name="Refused">Events that were refused.</param>
/// <param name="Requests">Requests that receivers got.</param>
/// <param name="Delivered">Messages answered 2xx, counted once per endpoint.</param>
/// <param name="DeadLetters">Messages given up, counted once per endpoint.</param>
/// <param name="Repeats">Requests of messages that had been answered 2xx.</param>
/// <param name="Unlisted">Attempts that receivers saw and the API does not list.</param>
/// <param name="AllowedOverlaps">Requests of one lane in flight at once that a fault explains.</param>
internal sealed record VerdictTotals(
    int Accepted, int Unknown, int Refused, int Requests, int Delivered, int DeadLetters, int Repeats, int Unlisted, int AllowedOverlaps);

/// <summary>What a kind of fault did. Times in milliseconds.</summary>
/// <param name="Count">Faults of this kind.</param>
/// <param name="Repeats">Repeats that they explain.</param>
/// <param name="Unlisted">Attempts seen and not listed that they explain.</param>
/// <param name="Flowed">Faults of it that have a time to flow.</param>
/// <param name="FlowMedian">Median of their times to flow; null without any.</param>
/// <param name="FlowMax">Longest of them.</param>
/// <param name="CutShort">Faults of it after which an endpoint had got nothing new when the next fault began.</param>
internal sealed record KindFigures(string Kind, int Count, int Repeats, int Unlisted, int Flowed, double? FlowMedian, double? FlowMax, int CutShort);
