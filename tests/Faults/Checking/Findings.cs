using Webhooks.Faults.Histories;

namespace Webhooks.Faults.Checking;

/// <summary>What the rules have found: violations, the first of each kind with their text, and what each fault explains.</summary>
internal sealed class Findings(FaultWindows faults, int keptPerKind)
{
    private readonly Dictionary<ViolationKind, int> _counts = [];
    private readonly List<Violation> _kept = [];

    /// <summary>The violations that were kept, in the order of the rules.</summary>
    public IReadOnlyList<Violation> Kept => _kept;

    /// <summary>Violations by kind, also those that were not kept.</summary>
    public IReadOnlyDictionary<ViolationKind, int> Counts => _counts;

    /// <summary>Repeats that each fault explains, by the fault's place.</summary>
    public int[] Repeats { get; } = new int[faults.Count];

    /// <summary>Attempts seen but not listed that each fault explains, by the fault's place.</summary>
    public int[] Unlisted { get; } = new int[faults.Count];

    /// <summary>Repeats in all, explained or not.</summary>
    public int AllRepeats { get; set; }

    /// <summary>Attempts seen but not listed in all, explained or not.</summary>
    public int AllUnlisted { get; set; }

    /// <summary>Overlaps that a fault explains.</summary>
    public int AllowedOverlaps { get; set; }

    public void Add(ViolationKind kind, string? endpoint, string? messageId, int? number, string text)
    {
        var count = _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
        if (count <= keptPerKind)
        {
            _kept.Add(new Violation(kind, endpoint, messageId, number, text));
        }
    }

    public void Add(ViolationKind kind, EndpointView endpoint, Delivery delivery, string text) =>
        Add(kind, endpoint.Endpoint.Id, delivery.Message.MessageId, delivery.Event?.Number, text);

    public void Add(ViolationKind kind, ReceivedRequest request, string text) =>
        Add(kind, request.Endpoint, request.MessageId, request.Number < 0 ? null : request.Number, text);
}
