using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Webhooks.Gateway.Api.OpenApi.Schemas;

[Description("What the token for a customer may do.")]
internal sealed record AppPortalAccessIn
{
    [Description("Feature flags that the token carries.")]
    [NameRule]
    public List<string> FeatureFlags { get; init; } = [];

    [Description("The application to create when the one of the path does not exist. Its uid must be the one of the path.")]
    public ApplicationIn? Application { get; init; }
}

[Description("Access for a customer.")]
internal sealed record AppPortalAccessOut
{
    [Description("An address of this server that carries the token in its fragment.")]
    [Url]
    public required string Url { get; init; }

    [Description("An application's token, valid for 28 days.")]
    public required string Token { get; init; }
}
