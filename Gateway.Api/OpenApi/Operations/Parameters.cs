using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Webhooks.Gateway.Api.Authentication;

namespace Webhooks.Gateway.Api.OpenApi.Operations;

/// <summary>Parameters that operations share.</summary>
internal static class Parameters
{
    private const string Name = @"^[a-zA-Z0-9\-_.]+$";

    public static OpenApiParameter[] Page() => [Limit(), Iterator()];

    public static OpenApiParameter[] OrderedPage(string order) => [Limit(), Iterator(), Order(order)];

    /// <summary>The bounds in time that lists of messages and attempts take.</summary>
    public static OpenApiParameter[] Window() =>
    [
        Time("before", "Only what is older than this time. Without bounds, a list covers the last 90 days."),
        Time("after", "Only what is of this time or newer, to 4 ms. Alone, it selects the oldest that match, still listed newest first."),
    ];

    public static OpenApiParameter Limit() =>
        Query("limit", "How many items a page holds at most, 0 to 250. More than 250 is refused.", new OpenApiSchema
        {
            Type = JsonSchemaType.Integer, Format = "int32", Minimum = "0", Maximum = "250", Default = 50,
        });

    public static OpenApiParameter Iterator() => Query(
        "iterator",
        "Where the page begins: the `iterator` of the page before, or its `prevIterator` to go back. It is the id of an item, or an event type's name, with a leading `-` for the way back.",
        new OpenApiSchema { Type = JsonSchemaType.String });

    public static OpenApiParameter Order(string fallback) => Query("order", "Direction of the list, by age.", new OpenApiSchema
    {
        Type = JsonSchemaType.String, Enum = ["ascending", "descending"], Default = fallback,
    });

    public static OpenApiParameter UnheededOrder() => Query("order", "Not heeded: the list is always in order of name.", new OpenApiSchema
    {
        Type = JsonSchemaType.String, Enum = ["ascending", "descending"],
    });

    public static OpenApiParameter Flag(string name, bool fallback, string description) =>
        Query(name, description, new OpenApiSchema { Type = JsonSchemaType.Boolean, Default = fallback });

    public static OpenApiParameter Time(string name, string description) =>
        Query(name, description + " RFC 3339 with `Z` or an offset.", new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" });

    public static OpenApiParameter Channel() => Query("channel", "Only messages that carry this channel.", NameSchema());

    public static OpenApiParameter Tag() => Query("tag", "Only messages that carry this tag.", NameSchema());

    public static OpenApiParameter EventTypes() => Query(
        "event_types",
        "Only messages of these event types: a comma list. A repeated key, `event_types[]` and `event_types[0]` are understood too.",
        new OpenApiSchema { Type = JsonSchemaType.Array, Items = NameSchema(), UniqueItems = true },
        explode: false);

    public static OpenApiParameter Status(string description) =>
        Query("status", description, Numbers(0, 1, 2, 3));

    public static OpenApiParameter StatusCodeClass() => Query(
        "status_code_class",
        "Only attempts whose HTTP answer is of this hundred; 0 means that there was no HTTP answer.",
        Numbers(0, 100, 200, 300, 400, 500));

    public static OpenApiParameter EndpointId() => Query(
        "endpoint_id",
        "Only attempts at this endpoint, by id or uid. An unknown one is answered `404`.",
        new OpenApiSchema { Type = JsonSchemaType.String });

    /// <summary>A parameter of the path, by the name that the route gives it.</summary>
    public static OpenApiParameter Path(string name) => new()
    {
        Name = name,
        In = ParameterLocation.Path,
        Required = true,
        Description = name switch
        {
            "app" => "The application's id (`app_…`) or uid.",
            "task" => "The task's id (`qtask_…`).",
            "endpoint" => "The endpoint's id (`ep_…`) or uid.",
            "endpointId" => "The endpoint's id (`ep_…`).",
            "message" => "The message's id (`msg_…`) or eventId.",
            "attempt" => "The attempt's id (`atmpt_…`).",
            "name" => "The event type's name.",
            _ => "Part of the path.",
        },
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    /// <summary>What makes two calls one; every POST takes it.</summary>
    public static OpenApiParameter IdempotencyKey() => new()
    {
        Name = "idempotency-key",
        In = ParameterLocation.Header,
        Description = "A value of the caller's choice. The same call with the same key within 12 hours is carried out once; each repeat gets the first answer.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    /// <summary>Who is behind the call; what has an entry in the audit log takes it.</summary>
    public static OpenApiParameter Actor() => new()
    {
        Name = OperatorActs.Header,
        In = ParameterLocation.Header,
        Description = "Who is behind the call, in words of the caller's own: the audit log shows it beside whose token it was. Printable characters; nobody checks them.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = OperatorActs.MaxNameLength },
    };

    public static OpenApiParameter TaskStatus() => Query("status", "Only tasks that stand so. Those that were cancelled are among the failed.", new OpenApiSchema
    {
        Type = JsonSchemaType.String, Enum = ["running", "finished", "failed"],
    });

    public static OpenApiParameter Choice(string name, string description, params string[] known) => Query(name, description, new OpenApiSchema
    {
        Type = JsonSchemaType.String, Enum = [.. known.Select(static text => (JsonNode)text)], Default = known[0],
    });

    public static OpenApiParameter TaskKind() => Query("task", "Only tasks that do this. Kinds of the hosted service that nothing starts here give an empty list.", new OpenApiSchema
    {
        Type = JsonSchemaType.String, Enum = ["endpoint.recover", "endpoint.replay", "endpoint.bulk-replay", "endpoint.resend-dead-letters"],
    });

    private static OpenApiSchema NameSchema() => new() { Type = JsonSchemaType.String, Pattern = Name, MinLength = 1, MaxLength = 256 };

    private static OpenApiSchema Numbers(params int[] values) => new()
    {
        Type = JsonSchemaType.Integer,
        Format = "int32",
        Enum = [.. values.Select(static v => (JsonNode)JsonValue.Create(v))],
    };

    private static OpenApiParameter Query(string name, string description, OpenApiSchema schema, bool? explode = null)
    {
        var parameter = new OpenApiParameter { Name = name, In = ParameterLocation.Query, Description = description, Schema = schema };
        if (explode is { } exploded)
        {
            parameter.Style = ParameterStyle.Form;
            parameter.Explode = exploded;
        }

        return parameter;
    }
}
