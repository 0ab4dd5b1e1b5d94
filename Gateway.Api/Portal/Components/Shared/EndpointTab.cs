using Microsoft.AspNetCore.Components;
using Webhooks.Gateway.Api.Portal.Calls;
using Webhooks.Gateway.Api.Portal.Live;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Gateway.Api.Portal.Components.Shared;

/// <summary>A part of an endpoint's page: reads what it shows when its address changes, and again when something has happened.</summary>
public abstract class EndpointTab : PortalPage, IDisposable
{
    private EndpointScope? _heard;
    private Refresher? _refresher;
    private string? _loaded;

    [Inject]
    internal TimeProvider Time { get; set; } = null!;

    /// <summary>The endpoint.</summary>
    [CascadingParameter]
    public EndpointScope Scope { get; set; } = null!;

    /// <summary>What is read depends on this.</summary>
    protected virtual string Key => "";

    /// <summary>The endpoint's address in the API.</summary>
    protected string Address => ApiPath.Of($"/app/{Scope.App}/endpoint/{Scope.Endpoint.Id}");

    /// <summary>Reads what is shown.</summary>
    protected abstract Task LoadAsync();

    /// <summary>What to do when something has happened.</summary>
    protected virtual Task OnNewsAsync(EndpointNews news) => Task.CompletedTask;

    /// <summary>Reads again, soon.</summary>
    protected Task RefreshAsync() => (_refresher ??= new Refresher(
        async () =>
        {
            await LoadAsync();
            StateHasChanged();
        },
        Time)).AskAsync();

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (RendererInfo.IsInteractive && _heard != Scope)
        {
            Dispose();
            _heard = Scope;
            _heard.Happened += Told;
        }

        var key = Scope.Endpoint.Id + " " + Key;
        if (_loaded != key)
        {
            _loaded = key;
            await LoadAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_heard is not null)
        {
            _heard.Happened -= Told;
        }

        GC.SuppressFinalize(this);
    }

    private void Told(EndpointNews news) => Later(() => OnNewsAsync(news));
}
