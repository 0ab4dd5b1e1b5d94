using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Webhooks.Gateway.Api.OpenApi.Operations;

namespace Webhooks.Gateway.Api.OpenApi;

/// <summary>Writes into each operation what the catalog says of it.</summary>
internal sealed class OperationTexts : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var description = context.Description;
        if (OperationCatalog.Find(description.HttpMethod, description.RelativePath) is not { } known || context.Document is not { } document)
        {
            return Task.CompletedTask;
        }

        operation.OperationId = known.Id;
        operation.Summary = known.Summary;
        operation.Description = Describe(known);
        operation.Tags = new HashSet<OpenApiTagReference> { new(known.Tag, document) };
        operation.Parameters = [.. ReadPath(description.RelativePath!).Select(Parameters.Path), .. known.Query];
        if (known.Method == HttpMethod.Post)
        {
            operation.Parameters.Add(Parameters.IdempotencyKey());
        }

        if (known.IsInAudit)
        {
            operation.Parameters.Add(Parameters.Actor());
        }

        if (known.IsOpen)
        {
            operation.Security = [];
        }

        if (known.IsOurs)
        {
            operation.AddExtension(SchemaMarks.Ours, new JsonNodeExtension(true));
        }

        if (operation.RequestBody?.Content is { } content && content.TryGetValue("application/json", out var body))
        {
            body.Example = JsonNode.Parse(known.BodyExample!);
        }

        WriteResponses(operation.Responses!, known, document);
        return Task.CompletedTask;
    }

    private static string Describe(Operation known)
    {
        var description = known.Description.ReplaceLineEndings(" ");
        return known.IsForOrganizations ? description + " Needs an organization's token." : description;
    }

    private static void WriteResponses(OpenApiResponses responses, Operation known, OpenApiDocument document)
    {
        foreach (var answer in known.Answered)
        {
            var response = Write(responses, answer.Status, answer.Description, answer.Example);
            if (known.Method == HttpMethod.Head)
            {
                response.Content = null;
            }
        }

        foreach (var refusal in known.Refusals)
        {
            Write(responses, refusal.Status, refusal.Description, SharedRefusals.Error(refusal.Code, refusal.Detail));
        }

        foreach (var status in known.SharedRefusals)
        {
            responses[Key(status)] = SharedRefusals.Reference(status, document);
        }
    }

    private static OpenApiResponse Write(OpenApiResponses responses, int status, string description, string? example)
    {
        var response = (OpenApiResponse)responses[Key(status)];
        response.Description = description;
        foreach (var content in response.Content?.Values ?? [])
        {
            content.Example = example is null ? null : JsonNode.Parse(example);
        }

        return response;
    }

    private static string Key(int status) => status.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<string> ReadPath(string path) =>
        path.Split('/').Where(static part => part.StartsWith('{')).Select(static part => part.Trim('{', '}'));
}
