using Webhooks.Faults.Injection;

namespace Webhooks.Faults.Running;

/// <summary>The order of faults that a seed makes: each kind comes once before any comes again.</summary>
internal sealed class Schedule(IReadOnlyList<IFault> faults, Random random)
{
    private readonly Queue<IFault> _round = new();

    public IFault Next()
    {
        if (_round.Count == 0)
        {
            var shuffled = faults.ToArray();
            random.Shuffle(shuffled);
            foreach (var fault in shuffled)
            {
                _round.Enqueue(fault);
            }
        }

        return _round.Dequeue();
    }
}
