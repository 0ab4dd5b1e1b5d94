namespace Webhooks.Gateway.Api.Portal.Components.Shared;

/// <summary>How good or bad a status is.</summary>
public enum ChipKind
{
    /// <summary>Neither.</summary>
    Plain,

    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Not as it should be.</summary>
    Bad,

    /// <summary>Under way, or held.</summary>
    Waiting,
}
