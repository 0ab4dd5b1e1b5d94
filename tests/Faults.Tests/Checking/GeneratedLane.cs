using Webhooks.Faults.Histories;

namespace Webhooks.Faults.Tests.Checking;

/// <summary>
/// Delivers one lane message by message. A fault that loses outcomes takes away those of its last moments and what is in
/// flight, and the lane goes on from the first message that is not settled any more.
/// </summary>
/// <param name="losses">Per fault, the milliseconds before it whose outcomes are lost; -1 when it loses none.</param>
internal sealed class GeneratedLane(
    Random random,
    SubscribedEndpoint endpoint,
    (double CommittedAt, int Number, string MessageId)[] lane,
    InjectedFault[] faults,
    int[] losses,
    DeliveredRun run)
{
    private readonly List<(double At, int Position, bool Settles, ListedAttempt Attempt)> _outcomes = [];
    private int _position;
    private double _time;
    private int _fault;
    private int _failures;

    public void Run()
    {
        var ends = lane.Select(_ => (Failures: random.Next(3) == 0 ? random.Next(3) : 0, Dead: random.Next(15) == 0)).ToArray();
        while (_position < lane.Length)
        {
            var (failures, dead) = ends[_position];
            var arrives = Math.Max(_time, lane[_position].CommittedAt) + random.Next(1, 20);
            var answers = arrives + random.Next(1, 50);
            if (_fault < faults.Length && answers >= faults[_fault].From)
            {
                Fault(arrives, answers);
            }
            else if (dead && failures == 0)
            {
                _position++; // Given up without an attempt.
            }
            else
            {
                _failures++;
                var settles = dead ? _failures == failures : _failures > failures;
                Attempt(arrives, answers, settles, succeeds: settles && !dead);
            }
        }

        run.Attempts.AddRange(_outcomes.Select(static o => o.Attempt));
        run.DeadLetters.AddRange(lane.Where((_, i) => ends[i].Dead).Select(m => new ListedDeadLetter(endpoint.Id, m.MessageId, "schedule")));
    }

    private void Attempt(double arrives, double answers, bool settles, bool succeeds)
    {
        var (_, number, id) = lane[_position];
        var how = succeeds ? 0 : random.Next(3);
        var status = succeeds ? 200 + (4 * random.Next(2)) : how == 0 ? 503 : 0;
        if (how < 2)
        {
            run.Receive(endpoint.Id, id, number, arrives, status == 0 ? null : answers, status);
        }

        _outcomes.Add((answers, _position, settles, run.NewAttempt(endpoint.Id, id, status)));
        _time = answers + (settles ? 0 : random.Next(50, 500));
        if (settles)
        {
            _position++;
            _failures = 0;
        }
    }

    private void Fault(double arrives, double answers)
    {
        var (fault, loss) = (faults[_fault], losses[_fault]);
        _fault++;
        _time = Math.Max(_time, fault.Until);
        if (loss < 0)
        {
            return;
        }

        if (arrives < fault.From && random.Next(2) == 0)
        {
            // In flight: its sender is gone, whether it was answered or not.
            var answered = random.Next(2) == 0;
            run.Receive(endpoint.Id, lane[_position].MessageId, lane[_position].Number, arrives, answered ? answers + random.Next(3_000) : null, answered ? 200 : 0);
        }

        foreach (var lost in _outcomes.Where(o => o.Settles && o.At >= fault.From - loss))
        {
            _position = Math.Min(_position, lost.Position);
        }

        _outcomes.RemoveAll(o => o.At >= fault.From - loss);
        _failures = 0;
        _time += random.Next(0, random.Next(2) == 0 ? 20 : 8_000);
    }
}
