namespace Webhooks.Gateway.Api.Http;

/// <summary>An answer other than success, in the contract's shape <c>{"code","detail"}</c>.</summary>
internal sealed class ApiException(int status, string code, string detail, int? retryAfterSeconds = null) : Exception(detail)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    public int? RetryAfterSeconds { get; } = retryAfterSeconds;

    public static ApiException NotFound(string detail = "Entity not found.") => new(404, "not_found", detail);

    public static ApiException Unavailable(string detail = "The store did not answer in time; the same call may be repeated.") => new(503, "unavailable", detail, 1);

    public static ApiException BadQuery(string detail) => new(400, "generic_error", detail);
}

/// <summary>One fault of an input.</summary>
internal sealed record InputFault(IReadOnlyList<string> Location, string Message, string Type)
{
    public const string Undecodable = "value_error.jsondecode";
    public const string Rule = "value_error";
}

/// <summary>An input that breaks rules: 422 in the contract's shape <c>{"detail":[{"loc","msg","type"}]}</c>.</summary>
internal sealed class InputException(IReadOnlyList<InputFault> faults) : Exception("The input is not valid.")
{
    public InputException(InputFault fault)
        : this([fault])
    {
    }

    public IReadOnlyList<InputFault> Faults { get; } = faults;
}
