namespace Webhooks.Gateway.Api.Portal.Models;

/// <summary>A page of a list as the API answers it.</summary>
/// <param name="Data">The items.</param>
/// <param name="Iterator">What asks for the page behind this one.</param>
/// <param name="PrevIterator">What asks for the page before this one.</param>
/// <param name="Done">Whether nothing lies beyond, in the direction that was asked for.</param>
public sealed record ListModel<T>(IReadOnlyList<T> Data, string? Iterator, string? PrevIterator, bool Done);
