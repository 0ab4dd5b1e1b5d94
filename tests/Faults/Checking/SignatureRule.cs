namespace Webhooks.Faults.Checking;

/// <summary>Every request has a right signature and a right form.</summary>
internal static class SignatureRule
{
    public static void Judge(HistoryIndex index, Findings findings)
    {
        foreach (var request in index.Requests)
        {
            if (request.Invalid is { } reason)
            {
                findings.Add(ViolationKind.Invalid, request, $"endpoint {request.Endpoint} got message {request.MessageId} ({Words.Of(request)}) that is wrong: {reason}");
            }
        }
    }
}
