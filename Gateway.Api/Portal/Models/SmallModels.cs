namespace Webhooks.Gateway.Api.Portal.Models;

/// <summary>An endpoint's headers.</summary>
/// <param name="Headers">Those that may be seen.</param>
/// <param name="Sensitive">Names of those that may not.</param>
public sealed record HeadersModel(IReadOnlyDictionary<string, string> Headers, IReadOnlyList<string> Sensitive);

/// <summary>A signing key.</summary>
/// <param name="Key">In its public form.</param>
public sealed record SecretModel(string Key);

/// <summary>A number.</summary>
/// <param name="Count">How many.</param>
public sealed record CountModel(long Count);

/// <summary>How a message stands at an endpoint.</summary>
/// <param name="Standing">In a word.</param>
/// <param name="InWords">In sentences.</param>
public sealed record ExplanationModel(string Standing, string InWords);

/// <summary>Something with an id.</summary>
/// <param name="Id">The id.</param>
public sealed record CreatedModel(string Id);
