using Webhooks.Faults.Histories;

namespace Webhooks.Faults.Checking;

/// <summary>
/// The attempts that the API lists are attempts that receivers saw, by their statuses. One without an answer may never have
/// reached a receiver. What was seen and is not listed was lost by a fault: there are at most as many of it as requests of
/// that status in the windows of faults.
/// </summary>
internal sealed class AttemptRule(HistoryIndex index, FaultWindows faults, CheckerLimits limits, Findings findings)
{
    private readonly Dictionary<int, int> _unlisted = [];

    public void Judge()
    {
        JudgeList();
        foreach (var endpoint in index.Endpoints)
        {
            foreach (var delivery in endpoint.Deliveries)
            {
                if (delivery.Requests.Count + delivery.Attempts.Count > 0)
                {
                    Judge(endpoint, delivery);
                }
            }
        }
    }

    private void JudgeList()
    {
        var ids = new HashSet<string>();
        foreach (var attempt in index.History.Attempts)
        {
            if (!ids.Add(attempt.AttemptId))
            {
                findings.Add(ViolationKind.Unseen, attempt.Endpoint, attempt.MessageId, null,
                    $"attempt {attempt.AttemptId} (message {attempt.MessageId}, endpoint {attempt.Endpoint}, status {attempt.Status}) is listed twice");
            }

            if (!index.Belongs(attempt.Endpoint, attempt.MessageId))
            {
                findings.Add(ViolationKind.Unseen, attempt.Endpoint, attempt.MessageId, null,
                    $"attempt {attempt.AttemptId} with status {attempt.Status} is listed of message {attempt.MessageId}, which does not belong to endpoint {attempt.Endpoint}");
            }
        }
    }

    private void Judge(EndpointView endpoint, Delivery delivery)
    {
        _unlisted.Clear();
        foreach (var request in delivery.Requests)
        {
            var status = Answered(request);
            _unlisted[status] = _unlisted.GetValueOrDefault(status) + 1;
        }

        foreach (var attempt in delivery.Attempts)
        {
            _unlisted[attempt.Status] = _unlisted.GetValueOrDefault(attempt.Status) - 1;
        }

        var toldUnlisted = false;
        foreach (var (status, difference) in _unlisted)
        {
            if (difference < 0 && status != 0)
            {
                findings.Add(ViolationKind.Unseen, endpoint, delivery,
                    $"the API lists {-difference} more attempts with status {status} of {Words.Of(delivery)} at endpoint {endpoint.Endpoint.Id} than were received: {Lists(delivery)}");
            }
            else if (difference > 0)
            {
                toldUnlisted |= !Explain(endpoint, delivery, status, difference);
            }
        }

        if (!toldUnlisted && !delivery.IsDeadLetter && !delivery.Attempts.Any(static a => Requests.IsSuccessful(a.Status))
            && delivery.Requests.Any(static r => r.IsSuccess) && delivery.Requests.All(r => !r.IsSuccess || Fault(r) is null))
        {
            findings.AllUnlisted++;
            findings.Add(ViolationKind.Unlisted, endpoint, delivery,
                $"endpoint {endpoint.Endpoint.Id} answered {Words.Of(delivery)} 2xx, but no attempt with 2xx is listed, and no fault explains it: {Lists(delivery)}");
        }
    }

    /// <summary>Whether faults, or answers after an attempt's deadline, explain all that is not listed.</summary>
    private bool Explain(EndpointView endpoint, Delivery delivery, int status, int difference)
    {
        findings.AllUnlisted += difference;
        var left = difference;
        foreach (var request in delivery.Requests)
        {
            if (left == 0)
            {
                return true;
            }

            if (Answered(request) != status)
            {
                continue;
            }

            if (Fault(request) is { } fault)
            {
                findings.Unlisted[fault]++;
                left--;
            }
            else if (request.IsLate(limits))
            {
                left--;
            }
        }

        if (left > 0)
        {
            findings.Add(ViolationKind.Unlisted, endpoint, delivery,
                $"endpoint {endpoint.Endpoint.Id} saw {difference} more attempts of {Words.Of(delivery)} answered {(status == 0 ? "by nothing" : status)} than the API lists, and faults explain {difference - left}: {Lists(delivery)}");
        }

        return left == 0;
    }

    private int? Fault(ReceivedRequest request) => request.AnsweredAt is { } answered
        ? faults.Explains(answered, answered)
        : faults.Explains(request.ArrivedAt, request.ArrivedAt + limits.AttemptTimeout);

    private static int Answered(ReceivedRequest request) => request.AnsweredAt is null ? 0 : request.Status;

    private static string Lists(Delivery delivery) =>
        $"received {(delivery.Requests.Count == 0 ? "nothing" : string.Join("; ", delivery.Requests.Take(10).Select(Words.Of)))}; listed "
        + (delivery.Attempts.Count == 0 ? "nothing" : string.Join(", ", delivery.Attempts.Take(10).Select(static a => $"{a.AttemptId} with {a.Status}")));
}
