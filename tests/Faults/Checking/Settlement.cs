namespace Webhooks.Faults.Checking;

/// <summary>When a delivery let later messages of its lane pass.</summary>
internal static class Settlement
{
    /// <summary>
    /// With the first success, or for a dead letter with the answer to its last attempt: when exactly it was given up is not
    /// known from outside. A dead letter without any attempt never held anything back; infinite for what is neither.
    /// </summary>
    /// <remarks>
    /// A fault can lose a dead letter like any outcome; the message is then tried and given up again. So an attempt before the
    /// last one may have settled it too, when a fault explains that another one followed.
    /// </remarks>
    public static double At(Delivery delivery, FaultWindows faults)
    {
        if (!delivery.IsDeadLetter)
        {
            return delivery.SucceededAt;
        }

        var settled = delivery.Requests.Count == 0 ? double.NegativeInfinity : delivery.SucceededAt;
        for (var i = 0; i < delivery.Requests.Count; i++)
        {
            var answered = delivery.Requests[i].AnsweredAt ?? delivery.Requests[i].ArrivedAt;
            if (answered >= settled || (i + 1 < delivery.Requests.Count && faults.Explains(answered, answered, seen: delivery.Requests[i + 1].ArrivedAt) is null))
            {
                continue;
            }

            settled = answered;
        }

        return settled;
    }
}
