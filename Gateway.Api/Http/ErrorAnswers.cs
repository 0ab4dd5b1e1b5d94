using Webhooks.Grains.Interfaces;

namespace Webhooks.Gateway.Api.Http;

/// <summary>Turns what handlers throw, and answers without a body, into the contract's JSON.</summary>
internal sealed partial class ErrorAnswers(RequestDelegate next, ILogger<ErrorAnswers> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        JsonBody answer;
        try
        {
            await next(context);
            if (context.Response.HasStarted || context.Response.StatusCode < 400 || context.Response.ContentLength is not null || context.Response.ContentType is not null)
            {
                return;
            }

            answer = Plain(context.Response.StatusCode);
        }
        catch (InputException error)
        {
            answer = JsonBody.Faults(error.Faults);
        }
        catch (ApiException error)
        {
            if (error.RetryAfterSeconds is { } seconds)
            {
                context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            }

            answer = JsonBody.Error(error.Status, error.Code, error.Message);
        }
        catch (BadHttpRequestException error)
        {
            answer = Plain(error.StatusCode);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception error) when (error is StoreUnavailableException or TimeoutException)
        {
            context.Response.Headers.RetryAfter = "1";
            answer = JsonBody.Error(503, "unavailable", "The store did not answer in time; the same call may be repeated.");
        }
        catch (Exception error)
        {
            Log.Unhandled(logger, error, context.Request.Method, context.GetEndpoint()?.DisplayName ?? "no route");
            answer = JsonBody.Error(500, "server_error", "Something went wrong here.");
        }

        if (!context.Response.HasStarted)
        {
            await answer.ExecuteAsync(context);
        }
    }

    private static JsonBody Plain(int status) => status switch
    {
        401 => JsonBody.Error(401, "authentication_failed", "Invalid token"),
        404 => JsonBody.Error(404, "not_found", "There is nothing at this address."),
        405 => JsonBody.Error(405, "method_not_allowed", "This address does not take that method."),
        413 => JsonBody.Error(413, "payload_too_large", "The body is too large."),
        _ => JsonBody.Error(status, "generic_error", "The request could not be served."),
    };

    private static partial class Log
    {
        [LoggerMessage(2001, LogLevel.Error, "{Method} {Route} failed")]
        public static partial void Unhandled(ILogger logger, Exception error, string method, string route);
    }
}
