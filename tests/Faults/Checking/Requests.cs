using Webhooks.Faults.Histories;

namespace Webhooks.Faults.Checking;

/// <summary>What a request tells.</summary>
internal static class Requests
{
    extension(ReceivedRequest request)
    {
        public bool IsSuccess => IsSuccessful(request.Status);

        /// <summary>Whether the answer came so late that the attempt may have been over.</summary>
        public bool IsLate(CheckerLimits limits) => request.AnsweredAt - request.ArrivedAt > limits.AttemptTimeout;
    }

    public static bool IsSuccessful(int status) => status is >= 200 and < 300;
}
