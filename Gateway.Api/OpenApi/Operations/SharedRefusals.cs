using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Webhooks.Gateway.Api.OpenApi.Schemas;

namespace Webhooks.Gateway.Api.OpenApi.Operations;

/// <summary>The refusals that many operations share; they stand once among the document's components.</summary>
internal static class SharedRefusals
{
    private static readonly Dictionary<int, (string Name, string Description, string Example)> s_all = new()
    {
        [400] = ("BadRequest", "A query parameter cannot be read, or the token is of no known kind.", Error("generic_error", "limit is not a number.")),
        [401] = ("Unauthorized", "The token is missing, expired or not signed with this server's secret.", Error("authentication_failed", "Invalid token")),
        [403] = ("Forbidden", "An application's token may not do this; an organization's may.", Error("insufficient access", "An application's token may not do this.")),
        [404] = ("NotFound", "What the path names does not exist, or the token may not see it.", Error("not_found", "Entity not found.")),
        [413] = ("PayloadTooLarge", "The body is larger than the server takes, 2 MiB unless set otherwise.", Error("payload_too_large", "The body is too large.")),
        [422] = (
            "Unprocessable",
            "The input cannot be decoded or breaks rules. Each fault names its place.",
            """{"detail":[{"loc":["body","name"],"msg":"Must not be empty.","type":"value_error"}]}"""),
        [503] = ("Unavailable", "The store does not answer or too much is waiting. The same call may be repeated.", Error("unavailable", "The store did not answer in time; the same call may be repeated.")),
    };

    public static Type SchemaOf(int status) => status == 422 ? typeof(ValidationErrorOut) : typeof(ErrorOut);

    public static OpenApiResponseReference Reference(int status, OpenApiDocument document) => new(s_all[status].Name, document);

    public static string Error(string code, string detail) => new JsonObject { ["code"] = code, ["detail"] = detail }.ToJsonString(Examples.Readable);

    /// <summary>Adds all of them to the document.</summary>
    public static void AddTo(OpenApiDocument document)
    {
        foreach (var (status, (name, description, example)) in s_all.OrderBy(static r => r.Key))
        {
            var response = new OpenApiResponse
            {
                Description = description,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/json"] = new()
                    {
                        Schema = new OpenApiSchemaReference(SchemaOf(status).Name, document),
                        Example = JsonNode.Parse(example),
                    },
                },
            };
            if (status == 503)
            {
                response.Headers = new Dictionary<string, IOpenApiHeader>
                {
                    ["Retry-After"] = new OpenApiHeader
                    {
                        Description = "Seconds to wait before the call is repeated.",
                        Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
                    },
                };
            }

            document.AddComponent(name, response);
        }
    }
}
