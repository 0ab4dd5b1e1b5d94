using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.OpenApi;
using Scalar.AspNetCore;
using Webhooks.Gateway.Api.OpenApi.Operations;

namespace Webhooks.Gateway.Api.OpenApi;

/// <summary>The OpenAPI document of the REST API, and a console to read and try it.</summary>
internal static class Documentation
{
    public const string Name = "v1";
    private const string Console = "/docs";
    // The console's bundle knows addresses of its makers; browsers are told to fetch nothing from there.
    private const string ConsolePolicy =
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

    private const string Address = "/openapi/v1.json";

    public static void AddDocumentation(this WebApplicationBuilder builder)
    {
        // Else numbers are described as numbers or texts: the web's defaults would read both.
        builder.Services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Transient<IApiDescriptionProvider, CatalogDescriptions>());
        builder.Services.AddSingleton<Document>();
        builder.Services.AddOpenApi(Name, static options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.ShouldInclude = static route => OperationCatalog.Find(route.HttpMethod, route.RelativePath) is not null;
            // Free JSON is described where it stands.
            options.CreateSchemaReferenceId = static type =>
                typeof(JsonNode).IsAssignableFrom(type.Type) ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
            options.AddSchemaTransformer<SchemaMarks>();
            options.AddOperationTransformer<OperationTexts>();
            options.AddDocumentTransformer<DocumentFrame>();
        });
    }

    public static void MapDocumentation(this WebApplication app)
    {
        foreach (var address in (string[])[Address, "/api/v1/openapi.json"])
        {
            app.MapGet(address, static async (Document document, CancellationToken cancellation) =>
                Results.Bytes(await document.ReadAsync(cancellation), "application/json")).ExcludeFromDescription();
        }

        // The console finds its parts beside its own address, so it lives one step down; a trailing slash would be taken away.
        app.MapGet(Console, static () => Results.LocalRedirect(Console + "/" + Name)).ExcludeFromDescription();
        var console = app.MapGroup("").AddEndpointFilter(static (context, next) =>
        {
            context.HttpContext.Response.Headers.ContentSecurityPolicy = ConsolePolicy;
            return next(context);
        });
        console.MapScalarApiReference(Console, static options =>
        {
            options.EnabledTargets = [ScalarTarget.Shell, ScalarTarget.CSharp, ScalarTarget.JavaScript, ScalarTarget.Python, ScalarTarget.Go];
            options.EnabledClients = [ScalarClient.Curl, ScalarClient.HttpClient, ScalarClient.Fetch, ScalarClient.Requests, ScalarClient.Native];
            options
                .WithTitle("Orleans.Webhooks")
                .WithOpenApiRoutePattern(Address)
                .AddPreferredSecuritySchemes("bearer")
                .WithDefaultHttpClient(ScalarTarget.Shell, ScalarClient.Curl)
                // Nothing is fetched from, or told to, anybody else.
                .DisableDefaultFonts()
                .DisableAgent()
                .DisableMcp()
                .DisableTelemetry()
                .HideClientButton()
                .HideDeveloperTools();
        }).ExcludeFromDescription();
    }
}
