using Webhooks.Faults.Histories;

namespace Webhooks.Faults.Checking;

/// <summary>
/// A message that was answered 2xx is tried again only when a fault can have lost that outcome: the answer lies in the
/// fault's window, and the repeat came after the fault began. One fault loses of one endpoint what was not committed and
/// what was in flight, no more: so many, and all from one short stretch of time, because nothing is sent while an outcome
/// waits for longer. Who repeats over a longer one is a second sender.
/// </summary>
/// <remarks>
/// An answer later than an attempt's deadline is no success that the system must know of. Where several faults explain a
/// repeat it is counted for the last one that has room.
/// </remarks>
internal sealed class RepeatRule(HistoryIndex index, FaultWindows faults, CheckerLimits limits, Findings findings)
{
    private readonly List<ReceivedRequest> _successes = [];

    public void Judge()
    {
        foreach (var endpoint in index.Endpoints)
        {
            var room = limits.UncommittedOutcomes + (endpoint.Endpoint.Order == OrderMode.Strict ? 1 : limits.InFlight);
            var lost = new Dictionary<int, Lost>();
            foreach (var delivery in endpoint.Deliveries)
            {
                if (delivery.Requests.Count > 1)
                {
                    Judge(endpoint, delivery, lost, room);
                }
            }
        }
    }

    private void Judge(EndpointView endpoint, Delivery delivery, Dictionary<int, Lost> lost, int room)
    {
        _successes.Clear();
        _successes.AddRange(delivery.Requests.Where(r => r.IsSuccess && r.AnsweredAt is not null && !r.IsLate(limits)));
        _successes.Sort(static (a, b) => a.AnsweredAt!.Value.CompareTo(b.AnsweredAt!.Value));
        var explained = 0;
        var fault = -1;
        foreach (var request in delivery.Requests)
        {
            if (_successes.Count == 0 || _successes[0].AnsweredAt > request.ArrivedAt)
            {
                continue;
            }

            findings.AllRepeats++;

            // A success that an earlier repeat has used is accounted for; a repeat that fails is retried like anything else.
            for (; explained < _successes.Count && _successes[explained].AnsweredAt <= request.ArrivedAt; explained++)
            {
                fault = Explain(endpoint, delivery, _successes[explained], request, lost, room);
            }

            if (fault >= 0)
            {
                findings.Repeats[fault]++;
            }
        }
    }

    private int Explain(EndpointView endpoint, Delivery delivery, ReceivedRequest success, ReceivedRequest repeat, Dictionary<int, Lost> lost, int room)
    {
        var answered = success.AnsweredAt!.Value;
        var last = -1;
        foreach (var fault in faults.Explaining(answered, answered, seen: repeat.ArrivedAt))
        {
            last = last < 0 ? fault : last;
            var with = lost.GetValueOrDefault(fault, Lost.Nothing).With(success);
            if (with.Count <= room && with.Stretch <= limits.OutcomeWindow)
            {
                lost[fault] = with;
                return fault;
            }
        }

        var what = $"endpoint {endpoint.Endpoint.Id} got {Words.Of(delivery)} again ({Words.Of(repeat)}) after a success ({Words.Of(success)})";
        if (last >= 0)
        {
            findings.Add(ViolationKind.TooManyRepeats, endpoint, delivery,
                $"{what}: {Words.Of(faults[last])} explains {room} lost outcomes at one endpoint, from a stretch of {limits.OutcomeWindow / 1000:F0} s, and not this one as well");
        }
        else
        {
            findings.Add(ViolationKind.Double, endpoint, delivery, $"{what}, and no fault explains it; {faults.Nearest(answered)}");
        }

        return last;
    }

    /// <summary>Successes of one endpoint whose outcomes one fault lost.</summary>
    /// <param name="Count">How many.</param>
    /// <param name="FirstAnswered">When the first of them was answered: its outcome waited from then on.</param>
    /// <param name="LastBegun">When the last of them began.</param>
    private readonly record struct Lost(int Count, double FirstAnswered, double LastBegun)
    {
        public static readonly Lost Nothing = new(0, double.PositiveInfinity, double.NegativeInfinity);

        public double Stretch => LastBegun - FirstAnswered;

        public Lost With(ReceivedRequest success) =>
            new(Count + 1, Math.Min(FirstAnswered, success.AnsweredAt!.Value), Math.Max(LastBegun, success.ArrivedAt));
    }
}
