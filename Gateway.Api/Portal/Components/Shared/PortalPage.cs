using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;
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

    /// <summary>
    /// A parameter of the address; null without. For parts of pages: parameters that are supplied to parts fail when one
    /// that appears asks for its own while another is being told.
    /// </summary>
    protected string? Query(string name) =>
        QueryHelpers.ParseQuery(Navigation.ToAbsoluteUri(Navigation.Uri).Query).TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text ? text : null;

    /// <summary>Does it in the page's own turn, from wherever this is called. What fails is shown and logged like a fault of the page.</summary>
    protected void Later(Func<Task> work) => _ = InvokeAsync(async () =>
    {
        try
        {
            await work();
        }
        catch (Exception error)
        {
            await DispatchExceptionAsync(error);
        }
    });

    /// <summary>Goes to this page with a parameter of its address changed; null takes it away.</summary>
    protected void Go(string parameter, string? value) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter(parameter, value));
}
