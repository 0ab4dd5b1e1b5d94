using Webhooks.Gateway.Api.OpenApi.Schemas;

namespace Webhooks.Gateway.Api.OpenApi.Operations;

/// <summary>What is said of the routes of event types.</summary>
internal static class EventTypeOperations
{
    private const string Schemas = """{"1": {"type": "object", "properties": {"email": {"type": "string"}}, "examples": [{"email": "ada@example.com"}]}}""";
    private const string Update = $$"""{"description": "Somebody left an address.", "schemas": {{Schemas}} }""";
    private const string Create = $$"""{"name": "lead.captured", "description": "Somebody left an address.", "schemas": {{Schemas}} }""";

    public static readonly IReadOnlyList<Operation> All =
    [
        Operation.Get("/event-type", "event-type.list", "List event types")
            .Says("The organization's event types in order of name. An application's token sees those without a feature flag and those whose flag it carries.")
            .Asks(Parameters.Limit(), Parameters.Iterator(), Parameters.UnheededOrder())
            .Asks(
                Parameters.Flag("include_archived", false, "Whether archived ones are listed too."),
                Parameters.Flag("with_content", false, "Whether the schemas are listed too; else they are null."))
            .Answers<ListResponse<EventTypeOut>>(200, "A page of event types.", Examples.Page(Examples.ListedEventType, "lead.captured")),
        Operation.Post("/event-type", "event-type.create", "Create an event type")
            .Says("Creates an event type. One of that name that is archived is replaced and no longer archived.")
            .ForOrganizations()
            .Takes<EventTypeIn>(Create)
            .Answers<EventTypeOut>(201, "Created.", Examples.EventType)
            .Refuses(409, "event_type_exists", "The name is taken.", "An event type with this name already exists."),
        Operation.Post("/event-type/import/openapi", "event-type.import-openapi", "Import event types")
            .Says("Creates and changes event types after the `webhooks` of an OpenAPI document.")
            .ForOrganizations()
            .Takes<EventTypeImportIn>("""
                {
                  "spec": {
                    "openapi": "3.1.0", "info": {"title": "Acme", "version": "1"},
                    "webhooks": {"lead.captured": {"post": {"description": "Somebody left an address.", "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}}}}
                  },
                  "dryRun": true
                }
                """)
            .Answers<EventTypeImportOut>(200, "Imported, or with `dryRun` looked at.", """
                {
                  "data": {
                    "modified": [],
                    "to_modify": [{"name": "lead.captured", "description": "Somebody left an address.", "schemas": {"1": {"type": "object"}}, "deprecated": false, "groupName": null, "featureFlags": null}]
                  }
                }
                """),
        Operation.Get("/event-type/{name}", "event-type.get", "Get an event type")
            .Says("One event type, archived or not.")
            .Answers<EventTypeOut>(200, "The event type.", Examples.EventType),
        Operation.Put("/event-type/{name}", "event-type.update", "Replace or create an event type")
            .Says("Replaces all that the body can hold, so that an archived one is archived no longer unless the body says so. When there is none of that name, it is created.")
            .ForOrganizations().NeverMissing()
            .Takes<EventTypeUpdate>(Update)
            .Answers<EventTypeOut>(200, "Replaced.", Examples.EventType)
            .Answers<EventTypeOut>(201, "Created.", Examples.EventType)
            .Refuses(409, "event_type_exists", "Somebody else created it at the same moment.", "An event type with this name already exists."),
        Operation.Patch("/event-type/{name}", "event-type.patch", "Change an event type")
            .Says("Changes the fields that the body holds and no others.")
            .ForOrganizations()
            .Takes<EventTypePatch>("""{"archived": true}""")
            .Answers<EventTypeOut>(200, "Changed.", Examples.EventType),
        Operation.Delete("/event-type/{name}", "event-type.delete", "Archive or remove an event type")
            .Says("Archives it: it can still be read, but new filters cannot name it. With `expunge=true` it is removed and its name is free.")
            .ForOrganizations()
            .Asks(Parameters.Flag("expunge", false, "Whether it is removed instead of archived."))
            .AnswersNothing(204, "Archived or removed."),
    ];
}
