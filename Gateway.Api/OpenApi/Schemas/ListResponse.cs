using System.ComponentModel;

namespace Webhooks.Gateway.Api.OpenApi.Schemas;

[Description("A page of a list.")]
internal sealed record ListResponse<T>
{
    [Description("The items of this page.")]
    public required List<T> Data { get; init; }

    [Description("Where the next page begins: the id of this page's last item. Null when the page is empty.")]
    public required string? Iterator { get; init; }

    [Description("Where the page before ends: `-` and the id of this page's first item. Absent when the page is empty.")]
    public string PrevIterator { get; init; } = "";

    [Description("Whether nothing lies beyond this page in the direction of travel.")]
    public required bool Done { get; init; }
}
