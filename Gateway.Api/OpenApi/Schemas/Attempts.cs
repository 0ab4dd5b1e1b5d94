using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Webhooks.Gateway.Api.OpenApi.Schemas;

[Description("One attempt to deliver a message.")]
internal sealed record MessageAttemptOut
{
    [Description("Given by the server: `atmpt_` and 22 letters and digits. Ids in order of text are in order of start.")]
    public required string Id { get; init; }

    [Description("The message.")]
    public required string MsgId { get; init; }

    [Description("The endpoint.")]
    public required string EndpointId { get; init; }

    [Description("The URL that was called.")]
    [Url]
    public required string Url { get; init; }

    [Description("The first 20,000 bytes of the answer's body, as text or in base64; why there was no answer when there was none; an empty object as text with `with_content=false`.")]
    public required string Response { get; init; }

    [Description("Status of the HTTP answer; 0 when there was none.")]
    public required int ResponseStatusCode { get; init; }

    [Description("Milliseconds until the answer.")]
    public required long ResponseDurationMs { get; init; }

    [Description("How it ended: 0 with success, 2 in failure.")]
    [AllowedValues(0, 1, 2, 3)]
    public required int Status { get; init; }

    [Description("`status` in a word.")]
    [AllowedValues("success", "pending", "fail", "sending")]
    public required string StatusText { get; init; }

    [Description("What caused it: 0 the schedule, 1 somebody's wish.")]
    [AllowedValues(0, 1)]
    public required int TriggerType { get; init; }

    [Description("When it was started.")]
    public required DateTimeOffset Timestamp { get; init; }
}
