using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Webhooks.Gateway.Api.OpenApi.Operations;

namespace Webhooks.Gateway.Api.OpenApi;

/// <summary>What stands around the operations: title, server, tags, the token; and an order that does not depend on the code's.</summary>
internal sealed class DocumentFrame : IOpenApiDocumentTransformer
{
    private const string Scheme = "bearer";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Orleans.Webhooks",
            Version = "1.0.0",
            Description = """
                Stores your events, and posts them signed, in order and with retries to the endpoints that your customers registered.
                Requests and answers follow the contract of the open-source Svix server; what is marked `x-ours` is beyond it.
                Bodies are JSON, whatever their content type says; fields and query parameters that are not known are ignored.
                """.ReplaceLineEndings(" "),
        };
        document.Servers = [new OpenApiServer { Url = "/", Description = "This server" }];
        document.Tags = new HashSet<OpenApiTag>(OperationCatalog.Tags.Select(static t => new OpenApiTag { Name = t.Name, Description = t.Description }));
        document.AddComponent(Scheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "An organization's token, as `token create` prints it, or an application's, as `authentication.app-portal-access` issues it.",
        });
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
        SharedRefusals.AddTo(document);
        Sort(document);
        return Task.CompletedTask;
    }

    private static void Sort(OpenApiDocument document)
    {
        var order = OperationCatalog.All.Select(static o => o.Route).Distinct(StringComparer.Ordinal).Index().ToDictionary(static o => o.Item, static o => o.Index, StringComparer.Ordinal);
        var paths = new OpenApiPaths();
        foreach (var (path, item) in document.Paths.OrderBy(p => order.GetValueOrDefault(p.Key, int.MaxValue)))
        {
            paths.Add(path, item);
        }

        document.Paths = paths;
        document.Components!.Schemas = document.Components.Schemas?.OrderBy(static s => s.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
    }
}
