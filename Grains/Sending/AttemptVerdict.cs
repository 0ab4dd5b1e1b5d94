using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Webhooks.Grains.Sending;

/// <summary>How an attempt ended, with the words for the record where there is no answer to show.</summary>
internal readonly record struct AttemptVerdict(AttemptOutcome Outcome, int StatusCode, string? Words)
{
    /// <summary>
    /// The one place that decides it. A status other than 2xx stands whatever became of its body: it is a failure either
    /// way, and says more than the body's end.
    /// </summary>
    /// <param name="host">Host and port, for the words.</param>
    /// <param name="status">The answer's status; 0 when no head was read.</param>
    /// <param name="failure">What was thrown; null for an answer read to its end or its limit.</param>
    public static AttemptVerdict Of(string host, int status, Exception? failure, EndOfTime end, TimeSpan timeout)
    {
        if (status != 0 && (failure is null || !IsSuccess(status)))
        {
            return new(IsSuccess(status) ? AttemptOutcome.Success : AttemptOutcome.HttpError, status, null);
        }

        var where = status == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" while the answer's body was read (status {status})");
        return end switch
        {
            EndOfTime.Cancelled => new(AttemptOutcome.Cancelled, 0, "stopped by the sender" + where),
            EndOfTime.Deadline => new(AttemptOutcome.TimedOut, 0, string.Create(CultureInfo.InvariantCulture, $"timed out after {timeout.TotalSeconds:0.###} s{where}")),
            _ => failure switch
            {
                _ when Find<EgressRefusedException>(failure) is { } refused => new(AttemptOutcome.Refused, 0, refused.Message),
                _ when Find<NameNotResolvedException>(failure) is { } unknown => new(AttemptOutcome.NameNotResolved, 0, unknown.Message),
                _ when Find<NotConnectedException>(failure) is { } unreachable => new(AttemptOutcome.ConnectFailed, 0, unreachable.Message),
                OperationCanceledException when status == 0 => new(AttemptOutcome.ConnectFailed, 0, $"no connection to {host} in time"),
                HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
                    new(AttemptOutcome.TlsFailed, 0, $"TLS with {host} failed: {(Find<AuthenticationException>(failure) ?? failure.InnerException ?? failure).Message}"),
                HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => new(AttemptOutcome.NameNotResolved, 0, $"name {host} did not resolve"),
                HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => new(AttemptOutcome.ConnectFailed, 0, $"no connection to {host}"),
                _ => new(AttemptOutcome.Broken, 0, Broken(failure!) + where),
            },
        };
    }

    /// <summary>Whether a request that never had a byte of answer may go out once more at once: its used connection was just being closed.</summary>
    public static bool IsClosedConnection(HttpRequestException failure) =>
        failure.HttpRequestError == HttpRequestError.ResponseEnded
        || (failure.HttpRequestError == HttpRequestError.Unknown && Find<IOException>(failure) is not null);

    private static bool IsSuccess(int status) => status is >= 200 and < 300;

    private static string Broken(Exception failure)
    {
        var error = (failure as HttpRequestException)?.HttpRequestError ?? (failure as HttpIOException)?.HttpRequestError;
        return error switch
        {
            HttpRequestError.ResponseEnded => "the connection was closed before the answer was complete",
            HttpRequestError.InvalidResponse => "the answer was not HTTP",
            HttpRequestError.ConfigurationLimitExceeded => "the answer's headers are too large",
            _ when Find<SocketException>(failure) is { } socket => socket.SocketErrorCode switch
            {
                SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => "the connection was reset by the receiver",
                var code => $"the connection broke ({code})",
            },
            _ => "the connection broke: " + failure.Message,
        };
    }

    private static T? Find<T>(Exception? failure)
        where T : Exception
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is T found)
            {
                return found;
            }
        }

        return null;
    }
}

/// <summary>What ended an attempt's time, if anything did.</summary>
internal enum EndOfTime
{
    None,
    Deadline,
    Cancelled,
}
