using Microsoft.AspNetCore.Components;
using MudBlazor;
using Webhooks.Gateway.Api.Portal.Calls;
using Webhooks.Gateway.Api.Portal.Look;

namespace Webhooks.Gateway.Api.Portal.Components.Shared;

/// <summary>What every page of the portal has: the API in the session's name, the address, and a way to say what happened.</summary>
public abstract class PortalPage : ComponentBase
{
    [Inject]
    internal PortalApi Api { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [Inject]
    internal ISnackbar Snackbar { get; set; } = null!;

    /// <summary>How the pages are to look.</summary>
    [CascadingParameter]
    protected Viewer Viewer { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnInitialized() => Api.IsPrerendering = !RendererInfo.IsInteractive;

    /// <summary>Says that it was done, or why not; whether it was.</summary>
    internal bool Say(PortalAnswer answer, string done)
    {
        Snackbar.Add(answer.Ok ? done : answer.Words, answer.Ok ? Severity.Success : Severity.Error);
        return answer.Ok;
    }

    /// <summary>Goes to this page with a parameter of its address changed; null takes it away.</summary>
    protected void Go(string parameter, string? value) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter(parameter, value));
}
