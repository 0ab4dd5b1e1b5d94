namespace Webhooks.Faults.Checking;

/// <summary>When a delivery let later messages of its lane pass.</summary>
internal static class Settlement
{
    /// <summary>
    /// With the first success, or for a dead letter with the answer to its last attempt: when exactly it was given up is not
    /// known from outside. A dead letter without any attempt never held anything back; infinite for what is neither.
    /// </summary>
    /// <remarks>
    /// A fault can lose a dead letter like any outcome; the message is then tried and given up again. The attempt that settled
    /// it first need not have reached a receiver. So it may have been settled before any of its requests, as early as the
    /// window of a fault that began before that request; and while a request that a fault cut off was still in flight.
    /// </remarks>
    public static double At(Delivery delivery, FaultWindows faults)
    {
        if (!delivery.IsDeadLetter)
        {
            return delivery.SucceededAt;
        }

        if (delivery.Requests.Count == 0)
        {
            return double.NegativeInfinity;
        }

        var before = double.NegativeInfinity;
        foreach (var request in delivery.Requests)
        {
            if (faults.EarliestLoss(before, request.ArrivedAt) is { } lost && lost < delivery.SucceededAt)
            {
                return lost;
            }

            var answered = request.AnsweredAt ?? request.ArrivedAt;
            before = faults.EarliestLoss(request.ArrivedAt, answered) ?? answered;
        }

        return Math.Min(before, delivery.SucceededAt);
    }
}
