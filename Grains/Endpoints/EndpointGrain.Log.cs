using Microsoft.Extensions.Logging;

namespace Webhooks.Grains.Endpoints;

internal sealed partial class EndpointGrain
{
    private static partial class Log
    {
        [LoggerMessage(1120, LogLevel.Debug, "Endpoint {Endpoint} could not tell how a recovery is getting on")]
        public static partial void TaskNotTold(ILogger logger, Exception error, Guid endpoint);

        [LoggerMessage(1101, LogLevel.Warning, "Endpoint {Endpoint} could not release its cursor; a successor waits for an attempt's deadline")]
        public static partial void NotReleased(ILogger logger, Exception error, string endpoint);

        [LoggerMessage(1102, LogLevel.Information, "Endpoint {Endpoint} stands down: its cursor has moved on from epoch {Epoch}")]
        public static partial void Superseded(ILogger logger, string endpoint, long epoch);

        [LoggerMessage(1103, LogLevel.Warning, "Endpoint {Endpoint} could not read from the store")]
        public static partial void NotRead(ILogger logger, Exception error, string endpoint);

        [LoggerMessage(1104, LogLevel.Warning, "Endpoint {Endpoint} could not record {Count} attempts; it repeats the write")]
        public static partial void OutcomeNotWritten(ILogger logger, Exception error, string endpoint, int count);

        [LoggerMessage(1105, LogLevel.Error, "The store refused an outcome of endpoint {Endpoint} for its content; it is recorded without the answer's body")]
        public static partial void OutcomeUnstorable(ILogger logger, Exception error, string endpoint);

        [LoggerMessage(1106, LogLevel.Critical, "Endpoint {Endpoint} broke by a fault of this program; it starts again from the store")]
        public static partial void Broke(ILogger logger, Exception error, string endpoint);

        [LoggerMessage(1108, LogLevel.Warning, "Endpoint {Endpoint} could not be disabled in its configuration; it holds itself back and tries again")]
        public static partial void NotDisabled(ILogger logger, Exception error, string endpoint);

        [LoggerMessage(1109, LogLevel.Information, "What became of {Message} at endpoint {Endpoint} could not be told to operators")]
        public static partial void NotTold(ILogger logger, Exception error, string message, string endpoint);

        [LoggerMessage(1107, LogLevel.Warning, "The reminder of endpoint {Endpoint} could not be kept")]
        public static partial void ReminderNotKept(ILogger logger, Exception error, string endpoint);
    }
}
