using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Telemetry;

namespace Webhooks.Grains.Applications;

/// <summary>
/// What an application has to tell one of its endpoints. One call is in flight at a time (calls that are not awaited
/// overtake each other); what gathers meanwhile is bounded, and past the bound only the log's end is told.
/// Runs in the application grain's turns.
/// </summary>
internal sealed partial class EndpointOutbox(IEndpointGrain endpoint, Guid endpointKey, ILogger logger)
{
    private const int MaxMessages = 64;
    private const int MaxBytes = 256 * 1024;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private List<LogMessage> _messages = [];
    private List<LogMessage> _traced = [];
    private int _bytes;
    private bool _complete = true;
    private bool _keepsUp = true;
    private long _covered;
    private long _upTo;
    private bool _dirty;
    private Task _calls = Task.CompletedTask;
    private bool _stopped;

    /// <summary>The endpoint's id.</summary>
    public Guid EndpointKey => endpointKey;

    /// <summary>The last seq that names the endpoint; <see cref="long.MaxValue"/> while it is not known.</summary>
    public long LastMatched { get; set; }

    /// <summary>Whether deliveries wait and calls would be wasted; releasing it calls again.</summary>
    public bool Held { get; set; }

    /// <summary>Ends when nothing is left to tell.</summary>
    public Task IdleAsync() => _calls;

    /// <summary>Whether nothing is left to tell.</summary>
    public bool IsIdle => _calls.IsCompleted;

    /// <summary>Starts with everything up to here told, or not worth telling.</summary>
    public void StartAt(long covered)
    {
        _covered = covered;
        _upTo = covered;
        LastMatched = covered;
    }

    /// <summary>A message for the endpoint was committed.</summary>
    public void Add(LogMessage message)
    {
        LastMatched = message.Seq;
        if (_complete && _keepsUp && _messages.Count < MaxMessages && _bytes + (message.Payload?.Length ?? 0) <= MaxBytes)
        {
            _messages.Add(message);
            _bytes += message.Payload?.Length ?? 0;
        }
        else
        {
            Forget();
            KeepTrace(message);
        }

        _dirty = true;
    }

    /// <summary>The log holds nothing else for the endpoint up to here; calls it when there is something to tell.</summary>
    public void Cover(long upTo)
    {
        _upTo = upTo;
        Pump();
    }

    /// <summary>Tells the endpoint to read the log by itself up to here.</summary>
    public void TellToRead(long upTo)
    {
        _upTo = Math.Max(_upTo, upTo);
        Forget();
        _dirty = true;
        Pump();
    }

    /// <summary>Calls again after <see cref="Held"/> was lifted: what was published meanwhile waits in the log.</summary>
    public void Release(long tail)
    {
        Held = false;
        TellToRead(tail);
    }

    /// <summary>Makes no further call.</summary>
    public void Stop() => _stopped = true;

    /// <summary>Lets the endpoint start again from the store.</summary>
    public async Task RestartAsync()
    {
        try
        {
            await endpoint.Restart();
        }
        catch (Exception error)
        {
            Log.RestartFailed(logger, error, Name);
        }
    }

    private string Name => EntityId.Format(EntityId.Endpoint, endpointKey);

    /// <summary>The endpoint reads by itself what waits here.</summary>
    private void Forget()
    {
        _complete = false;
        _messages.ForEach(KeepTrace);
        _messages = [];
        _bytes = 0;
    }

    /// <summary>The log does not say whose call a message came by; a message without its content does.</summary>
    private void KeepTrace(LogMessage message)
    {
        if (message.TraceParent is not null && _traced.Count < MaxMessages)
        {
            _traced.Add(message with { Payload = null });
        }
    }

    private void Pump()
    {
        if (_dirty && !_stopped && !Held && _calls.IsCompleted)
        {
            using var apart = Tracing.StepOut();
            _calls = CallAsync();
        }
    }

    private async Task CallAsync()
    {
        var pause = FirstPause;
        DeliveryHint? failed = null;
        while ((_dirty || failed is not null) && !_stopped && !Held)
        {
            var hint = failed ?? new DeliveryHint(_covered, _upTo, _complete, _complete ? _messages : _traced);
            if (failed is null)
            {
                _messages = [];
                _traced = [];
                _bytes = 0;
                _complete = true;
                _dirty = false;
            }

            try
            {
                var answer = await DeliverAsync(hint);
                _covered = hint.UpTo;
                failed = null;
                pause = FirstPause;
                _keepsUp = answer == HintAnswer.Taken;
                _stopped |= answer == HintAnswer.Retired;
            }
            catch (Exception error)
            {
                // The endpoint's silo may be gone, or the store; the same hint again is harmless.
                Log.HintFailed(logger, error, Name, hint.After, hint.UpTo);
                failed = hint;
                await Task.Delay(pause);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private Task<HintAnswer> DeliverAsync(DeliveryHint hint) => Tracing.IsOn ? DeliverTracedAsync(hint) : endpoint.Deliver(hint);

    private async Task<HintAnswer> DeliverTracedAsync(DeliveryHint hint)
    {
        using var span = Tracing.StartShared("hint", ActivityKind.Internal, hint.Messages.Select(static m => m.TraceParent));
        return await endpoint.Deliver(hint);
    }

    private static partial class Log
    {
        [LoggerMessage(1012, LogLevel.Error, "Endpoint {Endpoint} could not be told to start again; its next outcome will be refused, which does the same")]
        public static partial void RestartFailed(ILogger logger, Exception error, string endpoint);

        [LoggerMessage(1011, LogLevel.Information, "Endpoint {Endpoint} did not take the stretch ({After}, {UpTo}]; it is told again")]
        public static partial void HintFailed(ILogger logger, Exception error, string endpoint, long after, long upTo);
    }
}
