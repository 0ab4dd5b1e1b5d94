using Webhooks.Gateway.Api.Cluster;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Interfaces;

namespace Webhooks.Gateway.Api.Idempotency;

/// <summary>
/// Carries out a POST with an idempotency key once, whichever gateways its repeats reach, and gives its answer again.
/// Only success is kept: after a refusal the same key may be used for another try.
/// </summary>
internal sealed partial class IdempotencyFilter(GrainCalls calls, ILogger<IdempotencyFilter> logger) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!HttpMethods.IsPost(http.Request.Method) || http.GetEndpoint()?.Metadata.GetMetadata<KeyInLog>() is not null || IdempotencyKey.Of(http) is not { } key)
        {
            return await next(context);
        }

        var call = await calls.PersistAsync((g, _) => g.GetGrain<IIdempotencyGrain>(key).Begin());
        if (call.Status is { } status)
        {
            return new Reply(status, call.Body ?? []);
        }

        http.Features.Set(new CallId(call.Reserved));
        Reply reply;
        try
        {
            reply = await next(context) switch
            {
                JsonBody body => new Reply(body.Status, body.Render()),
                Reply ready => ready,
                var other => throw new InvalidOperationException("An answer that cannot be kept: " + other?.GetType()),
            };
        }
        catch
        {
            await EndAsync(g => g.Release(call.Reserved), key);
            throw;
        }

        await EndAsync(g => reply.Status is >= 200 and < 300 ? g.Complete(call.Reserved, reply.Status, reply.Body.ToArray()) : g.Release(call.Reserved), key);
        return reply;
    }

    private async Task EndAsync(Func<IIdempotencyGrain, Task> end, Guid key)
    {
        try
        {
            await calls.OnceAsync(async g =>
            {
                await end(g.GetGrain<IIdempotencyGrain>(key));
                return true;
            });
        }
        catch (ApiException error)
        {
            // What was done stands under the reserved id: a repeat finds it there.
            Log.NotKept(logger, error, key);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2301, LogLevel.Warning, "The answer to the call with key {Key} could not be kept; a repeat is carried out again under the same id")]
        public static partial void NotKept(ILogger logger, Exception error, Guid key);
    }
}
