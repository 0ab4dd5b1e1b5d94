using Webhooks.Faults.Histories;

namespace Webhooks.Faults.Checking;

/// <summary>
/// The faults in the order of their beginning, and which of them can have lost an outcome. A fault's window begins
/// <see cref="CheckerLimits.OutcomeWindow"/> before it and ends <see cref="CheckerLimits.Settle"/> after it.
/// </summary>
internal sealed class FaultWindows
{
    private readonly InjectedFault[] _faults;
    private readonly CheckerLimits _limits;
    private readonly int[] _losing;
    private readonly double[] _latestUntil;

    public FaultWindows(IEnumerable<InjectedFault> faults, CheckerLimits limits)
    {
        _faults = [.. faults.OrderBy(static f => f.From).ThenBy(static f => f.Number)];
        _limits = limits;
        _losing = [.. Enumerable.Range(0, _faults.Length).Where(i => _faults[i].LosesOutcomes)];
        _latestUntil = new double[_losing.Length];
        for (var i = 0; i < _losing.Length; i++)
        {
            _latestUntil[i] = Math.Max(_faults[_losing[i]].Until, i == 0 ? double.NegativeInfinity : _latestUntil[i - 1]);
        }
    }

    public int Count => _faults.Length;

    public InjectedFault this[int place] => _faults[place];

    /// <summary>
    /// Places of the faults that can have lost what was under way or ended from <paramref name="begun"/> to
    /// <paramref name="ended"/>, the last one first; only those that had begun at <paramref name="seen"/>.
    /// </summary>
    public IEnumerable<int> Explaining(double begun, double ended, double seen = double.PositiveInfinity)
    {
        var latestFrom = Math.Min(ended + _limits.OutcomeWindow, seen);
        for (var i = Begun(latestFrom) - 1; i >= 0 && _latestUntil[i] + _limits.Settle >= begun; i--)
        {
            if (_faults[_losing[i]].Until + _limits.Settle >= begun)
            {
                yield return _losing[i];
            }
        }
    }

    /// <summary>The last of them; null when no fault explains it.</summary>
    public int? Explains(double begun, double ended, double seen = double.PositiveInfinity)
    {
        foreach (var place in Explaining(begun, ended, seen))
        {
            return place;
        }

        return null;
    }

    /// <summary>The earliest moment after <paramref name="after"/> whose outcome a fault that began until <paramref name="seen"/> can have lost; null without one.</summary>
    public double? EarliestLoss(double after, double seen)
    {
        double? earliest = null;
        foreach (var place in Explaining(after, double.PositiveInfinity, seen))
        {
            earliest = Math.Max(after, _faults[place].From - _limits.OutcomeWindow);
        }

        return earliest;
    }

    /// <summary>The losing fault nearest to a moment, for the text of a violation.</summary>
    public string Nearest(double at)
    {
        if (_losing.Length == 0)
        {
            return "the run has no fault that loses outcomes";
        }

        var nearest = _faults[_losing.MinBy(i => Math.Max(_faults[i].From - at, at - _faults[i].Until))];
        return $"the nearest fault that loses outcomes is {Words.Of(nearest)}";
    }

    private int Begun(double at)
    {
        var (low, high) = (0, _losing.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _faults[_losing[middle]].From <= at ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
