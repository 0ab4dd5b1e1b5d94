using Microsoft.AspNetCore.Components;
using Webhooks.Gateway.Api.Portal.Session;

namespace Webhooks.Gateway.Api.Portal.Components.Shared;

/// <summary>A page for whole organizations: who has signed in for one application is sent to it, and nothing is loaded.</summary>
public abstract class OperatorPage : WatchingPage
{
    [Inject]
    internal PortalSession Session { get; set; } = null!;

    /// <summary>Whose page it is; null before that is known.</summary>
    internal string? Organization { get; private set; }

    /// <inheritdoc/>
    protected sealed override async Task OnParametersSetAsync()
    {
        if (await Session.FindAsync() is not { Application: null } user)
        {
            Navigation.NavigateTo("/", forceLoad: true);
            return;
        }

        Organization = user.Organization;
        await LoadAsync();
    }

    /// <summary>Whether the session still is: else the page is left. For what is told and not asked of the API, which would say so.</summary>
    internal async Task<bool> GoesOnAsync()
    {
        if (await Session.FindAsync() is not null)
        {
            return true;
        }

        Navigation.NavigateTo("/sign-in?ended=true", forceLoad: true);
        return false;
    }

    /// <summary>Reads what the page shows. Called again whenever its address has changed.</summary>
    protected abstract Task LoadAsync();
}
