using Webhooks.Gateway.Api.OpenApi.Schemas;

namespace Webhooks.Gateway.Api.OpenApi.Operations;

/// <summary>What is said of the routes of tokens.</summary>
internal static class AuthenticationOperations
{
    public static readonly IReadOnlyList<Operation> All =
    [
        Operation.Post("/auth/app-portal-access/{app}", "authentication.app-portal-access", "Issue a customer's token")
            .Says("A token that is good for one application only and for reduced operations, to hand to the customer. A body is needed; `{}` will do.")
            .ForOrganizations()
            .Takes<AppPortalAccessIn>("""{"featureFlags": ["beta"]}""")
            .Answers<AppPortalAccessOut>(200, "The token.", """{"url": "https://webhooks.example.com/#key=eyJhbGciOiJIUzI1NiJ9.e30.c2ln", "token": "eyJhbGciOiJIUzI1NiJ9.e30.c2ln"}"""),
        Operation.Post("/auth/logout", "authentication.logout", "Log out")
            .Says("For clients that call it. Tokens are not kept, so none is taken back: it ends at its own time.")
            .Open()
            .AnswersNothing(204, "Heard."),
    ];
}
