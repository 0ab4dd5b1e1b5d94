using System.Text;
using System.Text.Json;
using Webhooks.Gateway.Api.Authentication;
using Webhooks.Gateway.Api.Http;

namespace Webhooks.Gateway.Api.Inbox;

/// <summary>
/// Inboxes over HTTP. To make one takes a token; to send to it, look into it and tell it how to answer takes its id.
/// None of it is part of the contract or of the API's description.
/// </summary>
internal static class InboxApi
{
    public static void AddInboxes(this IServiceCollection services, string secret)
    {
        services.AddOptions<InboxOptions>().BindConfiguration(InboxOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(new InboxIds(secret));
        services.AddSingleton<Inboxes>();
        services.AddSingleton<InboxSignatures>();
        services.AddSingleton<InboxReceiver>();
    }

    public static void MapInboxes(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<Inboxes>().Enabled)
        {
            return;
        }

        var group = app.MapGroup("/inbox").ExcludeFromDescription();
        group.MapPost("", CreateAsync);
        group.Map("/{id}", static (HttpContext http, string id, InboxReceiver receiver) => receiver.ReceiveAsync(http, id)).DisableAntiforgery();
        group.MapGet("/{id}/requests", static (string id, Inboxes inboxes) => Show(Find(inboxes, id)));
        group.MapDelete("/{id}/requests", static (string id, Inboxes inboxes) =>
        {
            Find(inboxes, id).Clear();
            return Reply.NoContent;
        });
        group.MapPut("/{id}/answer", TellAsync);
        group.MapDelete("/{id}/answer", static (string id, Inboxes inboxes) =>
        {
            Find(inboxes, id).Tell(InboxAnswer.Well);
            return Reply.NoContent;
        });
    }

    private static InboxState Find(Inboxes inboxes, string id) => inboxes.Find(id) ?? throw ApiException.NotFound("There is no such inbox.");

    private static async Task<IResult> CreateAsync(HttpContext http, Tokens tokens, Inboxes inboxes)
    {
        await tokens.AuthenticateAsync(http.Request.Headers.Authorization);
        var id = inboxes.Create();
        var url = $"{http.Request.Scheme}://{http.Request.Host}/inbox/{id}";
        return new JsonBody(201, json =>
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString("url", url);
            json.WriteString("page", $"{http.Request.Scheme}://{http.Request.Host}/inboxes/{id}");
            json.WriteEndObject();
        });
    }

    private static async Task<IResult> TellAsync(HttpContext http, string id, BodyReader bodies, Inboxes inboxes)
    {
        var inbox = Find(inboxes, id);
        using var body = await bodies.ReadAsync(http.Request);
        var input = new Input(body.RootElement, patch: false);
        var status = input.Defaulted("status", InboxAnswer.Well.Status, input.Number).Value;
        var delay = input.Defaulted("delaySeconds", 0, input.Number).Value;
        var times = input.Optional("times", (v, n) => (int?)input.Number(v, n)).Value;
        if (status is < 200 or > 599)
        {
            input.Refuse("Must be a status of 200 to 599.", "status");
        }

        if (delay is < 0 or > InboxAnswer.LongestDelaySeconds)
        {
            input.Refuse($"Must be 0 to {InboxAnswer.LongestDelaySeconds} seconds.", "delay_seconds");
        }

        if (times is < 1 or > InboxAnswer.MostTimes)
        {
            input.Refuse($"Must be 1 to {InboxAnswer.MostTimes}, or null for all that come.", "times");
        }

        input.Check();
        inbox.Tell(new InboxAnswer(status, TimeSpan.FromSeconds(delay), times));
        return new JsonBody(200, json => Write(json, inbox.Look().Answer));
    }

    private static JsonBody Show(InboxState inbox)
    {
        var contents = inbox.Look();
        return new JsonBody(200, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("total", contents.Total);
            json.WritePropertyName("answer");
            Write(json, contents.Answer);
            json.WriteStartArray("data");
            foreach (var request in contents.Requests)
            {
                Write(json, request);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static void Write(Utf8JsonWriter json, InboxAnswer answer)
    {
        json.WriteStartObject();
        json.WriteNumber("status", answer.Status);
        json.WriteNumber("delaySeconds", (int)answer.Delay.TotalSeconds);
        json.WriteNumberOrNull("times", answer.Times);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, InboxRequest request)
    {
        json.WriteStartObject();
        json.WriteNumber("number", request.Number);
        json.WriteTime("timestamp", request.At);
        json.WriteString("method", request.Method);
        json.WriteString("query", request.Query);
        json.WriteStartObject("headers");
        foreach (var (name, value) in request.Headers)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WriteString("body", Encoding.UTF8.GetString(request.Body.Span));
        json.WriteBoolean("tooLarge", request.TooLarge);
        json.WriteStartObject("signature");
        json.WriteString("status", Word(request.Signature.Verdict));
        json.WriteString("detail", request.Signature.Words);
        json.WriteString("endpointId", request.Signature.EndpointId);
        json.WriteEndObject();
        json.WriteNumber("answered", request.Answer.Status);
        json.WriteEndObject();
    }

    public static string Word(SignatureVerdict verdict) => verdict switch
    {
        SignatureVerdict.Verified => "verified",
        SignatureVerdict.OutOfTime => "out-of-time",
        SignatureVerdict.Wrong => "wrong",
        SignatureVerdict.NotChecked => "not-checked",
        _ => "unsigned",
    };
}
