using Webhooks.Gateway.Api.OpenApi.Schemas;

namespace Webhooks.Gateway.Api.OpenApi.Operations;

/// <summary>What is said of the routes of applications.</summary>
internal static class ApplicationOperations
{
    private const string Body = """{"name": "Acme", "uid": "acme", "metadata": {"plan": "gold"}}""";
    private const string Iterator = "app_032aNH1Bp9VjI2sBqkk6s8";

    public static readonly IReadOnlyList<Operation> All =
    [
        Operation.Get("/app", "application.list", "List applications")
            .Says("The organization's applications, the oldest first unless asked otherwise.")
            .ForOrganizations()
            .Asks(Parameters.OrderedPage("ascending"))
            .Answers<ListResponse<ApplicationOut>>(200, "A page of applications.", Examples.Page(Examples.Application, Iterator)),
        Operation.Post("/app", "application.create", "Create an application")
            .Says("Creates an application. With `get_if_exists=true` and a `uid` that is taken, the application that has it is answered as it is.")
            .ForOrganizations()
            .Asks(Parameters.Flag("get_if_exists", false, "Whether an application that has the body's `uid` is answered instead of a conflict."))
            .Takes<ApplicationIn>(Body)
            .Answers<ApplicationOut>(200, "There was one with this `uid`; nothing was changed.", Examples.Application)
            .Answers<ApplicationOut>(201, "Created.", Examples.Application)
            .Refuses(409, "conflict", "The `uid` is taken.", "An entity with this uid already exists."),
        Operation.Get("/app/{app}", "application.get", "Get an application")
            .Says("One application. An application's token gets its own only.")
            .Answers<ApplicationOut>(200, "The application.", Examples.Application),
        Operation.Put("/app/{app}", "application.update", "Replace or create an application")
            .Says("Replaces all that the body can hold. When the path names no application, one is created; its `uid` is the body's, not the path's.")
            .ForOrganizations().NeverMissing()
            .Takes<ApplicationIn>(Body)
            .Answers<ApplicationOut>(200, "Replaced.", Examples.Application)
            .Answers<ApplicationOut>(201, "Created.", Examples.Application)
            .Refuses(409, "conflict", "The `uid` is taken.", "An entity with this uid already exists."),
        Operation.Patch("/app/{app}", "application.patch", "Change an application")
            .Says("Changes the fields that the body holds and no others.")
            .ForOrganizations()
            .Takes<ApplicationPatch>("""{"name": "Acme Corporation", "throttleRate": 100}""")
            .Answers<ApplicationOut>(200, "Changed.", Examples.Application)
            .Refuses(409, "conflict", "The `uid` is taken.", "An entity with this uid already exists."),
        Operation.Delete("/app/{app}", "application.delete", "Delete an application")
            .Says("Deletes the application with its endpoints. What was waiting is not delivered any more; the `uid` is free at once.")
            .ForOrganizations()
            .AnswersNothing(204, "Deleted."),
        .. OperatorOperations.OfApplications,
    ];
}
