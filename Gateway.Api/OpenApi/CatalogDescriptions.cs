using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Webhooks.Gateway.Api.OpenApi.Operations;

namespace Webhooks.Gateway.Api.OpenApi;

/// <summary>
/// Gives the framework's descriptions of routes the bodies that the catalog names; handlers read theirs by hand. Metadata on the
/// routes would do the same, but what says that a body is JSON there also makes the router refuse other content types.
/// </summary>
internal sealed class CatalogDescriptions : IApiDescriptionProvider
{
    // After the framework's own, which make the descriptions.
    public int Order => int.MaxValue;

    public void OnProvidersExecuting(ApiDescriptionProviderContext context)
    {
    }

    public void OnProvidersExecuted(ApiDescriptionProviderContext context)
    {
        foreach (var description in context.Results)
        {
            if (OperationCatalog.Find(description.HttpMethod, description.RelativePath) is { } operation)
            {
                Fill(description, operation);
            }
        }
    }

    private static void Fill(ApiDescription description, Operation operation)
    {
        description.ParameterDescriptions.Clear();
        if (operation.Body is { } body)
        {
            description.SupportedRequestFormats.Add(new ApiRequestFormat { MediaType = "application/json" });
            description.ParameterDescriptions.Add(new ApiParameterDescription { Name = "body", Source = BindingSource.Body, Type = body, IsRequired = !operation.IsBodyOptional });
        }

        description.SupportedResponseTypes.Clear();
        foreach (var answer in operation.Answered)
        {
            Add(answer.Status, operation.Method == HttpMethod.Head ? null : answer.Schema, answer.MediaType);
        }

        foreach (var refusal in operation.Refusals)
        {
            Add(refusal.Status, SharedRefusals.SchemaOf(refusal.Status), "application/json");
        }

        foreach (var status in operation.SharedRefusals)
        {
            Add(status, SharedRefusals.SchemaOf(status), "application/json");
        }

        void Add(int status, Type? type, string mediaType)
        {
            var response = new ApiResponseType { StatusCode = status, Type = type };
            if (type is not null)
            {
                response.ApiResponseFormats.Add(new ApiResponseFormat { MediaType = mediaType });
            }

            description.SupportedResponseTypes.Add(response);
        }
    }
}
