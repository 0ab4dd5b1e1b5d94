using System.ComponentModel;

namespace Webhooks.Gateway.Api.OpenApi.Schemas;

[Description("Why a call was refused.")]
internal sealed record ErrorOut
{
    [Description("A stable word for programs.")]
    public required string Code { get; init; }

    [Description("A sentence for people; its wording may change.")]
    public required string Detail { get; init; }
}

[Description("Why an input was refused: one item per fault.")]
internal sealed record ValidationErrorOut
{
    [Description("The faults, at least one.")]
    public required List<ValidationErrorItem> Detail { get; init; }
}

[Description("One fault of an input.")]
internal sealed record ValidationErrorItem
{
    [Description("Where: `body`, `query` or `path`, then the way to the field.")]
    public required List<string> Loc { get; init; }

    [Description("A sentence for people; its wording may change.")]
    public required string Msg { get; init; }

    [Description("`value_error.jsondecode` for what cannot be decoded, `value_error` for a broken rule, or a more precise word.")]
    public required string Type { get; init; }
}

[Description("An empty object.")]
internal sealed record EmptyOut;
