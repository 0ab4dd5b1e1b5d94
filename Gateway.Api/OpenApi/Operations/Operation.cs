using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Webhooks.Gateway.Api.OpenApi.Operations;

/// <summary>An answer of an operation that is no refusal.</summary>
internal sealed record OperationAnswer(int Status, string Description, Type? Schema, string? Example, string MediaType = "application/json");

/// <summary>A refusal that this operation has beside the ones that all have.</summary>
internal sealed record Refusal(int Status, string Code, string Description, string Detail);

/// <summary>What the document says of one route. Routes themselves carry nothing but their pattern.</summary>
internal sealed class Operation
{
    private readonly List<OpenApiParameter> _query = [];
    private readonly List<OperationAnswer> _answers = [];
    private readonly List<Refusal> _refusals = [];
    private bool _mayBeMissing;

    private Operation(HttpMethod method, string route, string id, string summary)
    {
        Method = method;
        Route = route;
        Id = id;
        Summary = summary;
        _mayBeMissing = route.Contains('{', StringComparison.Ordinal);
    }

    public HttpMethod Method { get; }

    /// <summary>The whole pattern, as it is mapped.</summary>
    public string Route { get; }

    /// <summary>The name that generated clients call it by; it never changes.</summary>
    public string Id { get; }

    public string Summary { get; }

    public string Description { get; private set; } = "";

    public string Tag { get; private set; } = "";

    public bool IsOpen { get; private set; }

    public bool IsForOrganizations { get; private set; }

    public bool IsOurs { get; private set; }

    public Type? Body { get; private set; }

    public string? BodyExample { get; private set; }

    /// <summary>Whether the body may be left out.</summary>
    public bool IsBodyOptional { get; private set; }

    /// <summary>Whether it has an entry in the audit log, which may name who is behind it.</summary>
    public bool IsInAudit { get; private set; }

    public IReadOnlyList<OpenApiParameter> Query => _query;

    public IReadOnlyList<OperationAnswer> Answered => _answers;

    public IReadOnlyList<Refusal> Refusals => _refusals;

    /// <summary>The refusals that it shares with others, by status.</summary>
    public IEnumerable<int> SharedRefusals => Shared().Except(_refusals.Select(static r => r.Status));

    public static Operation Get(string route, string id, string summary) => Api(HttpMethod.Get, route, id, summary);

    public static Operation Post(string route, string id, string summary) => Api(HttpMethod.Post, route, id, summary);

    public static Operation Put(string route, string id, string summary) => Api(HttpMethod.Put, route, id, summary);

    public static Operation Patch(string route, string id, string summary) => Api(HttpMethod.Patch, route, id, summary);

    public static Operation Delete(string route, string id, string summary) => Api(HttpMethod.Delete, route, id, summary);

    /// <summary>One outside the REST API's root.</summary>
    public static Operation At(HttpMethod method, string route, string id, string summary) => new(method, route, id, summary);

    public Operation Tagged(string tag)
    {
        Tag = tag;
        return this;
    }

    public Operation Says(string description)
    {
        Description = description;
        return this;
    }

    /// <summary>Needs no token.</summary>
    public Operation Open()
    {
        IsOpen = true;
        return this;
    }

    /// <summary>Refused to an application's token.</summary>
    public Operation ForOrganizations()
    {
        IsForOrganizations = true;
        return this;
    }

    /// <summary>Not of the contract.</summary>
    public Operation Ours()
    {
        IsOurs = true;
        return this;
    }

    /// <summary>What the path names is made when it is not there.</summary>
    public Operation NeverMissing()
    {
        _mayBeMissing = false;
        return this;
    }

    public Operation Asks(params IEnumerable<OpenApiParameter> query)
    {
        _query.AddRange(query);
        return this;
    }

    public Operation Takes<T>(string example)
    {
        Body = typeof(T);
        BodyExample = example;
        return this;
    }

    /// <summary>Takes a body, or none.</summary>
    public Operation MayTake<T>(string example)
    {
        IsBodyOptional = true;
        return Takes<T>(example);
    }

    public Operation IsAudited()
    {
        IsInAudit = true;
        return this;
    }

    public Operation Answers<T>(int status, string description, string example)
    {
        _answers.Add(new OperationAnswer(status, description, typeof(T), example));
        return this;
    }

    /// <summary>An answer without a body.</summary>
    public Operation AnswersNothing(int status, string description)
    {
        _answers.Add(new OperationAnswer(status, description, null, null));
        return this;
    }

    public Operation Refuses(int status, string code, string description, string detail)
    {
        _refusals.Add(new Refusal(status, code, description, detail));
        return this;
    }

    private static Operation Api(HttpMethod method, string route, string id, string summary) => new(method, "/api/v1" + route, id, summary);

    private IEnumerable<int> Shared()
    {
        if (IsOpen)
        {
            yield break;
        }

        yield return 400;
        yield return 401;
        if (IsForOrganizations)
        {
            yield return 403;
        }

        if (_mayBeMissing)
        {
            yield return 404;
        }

        if (Body is not null)
        {
            yield return 413;
        }

        if (Body is not null || IsInAudit || _query.Exists(static p => p.Schema?.Type != JsonSchemaType.Boolean))
        {
            yield return 422;
        }

        yield return 503;
    }
}
