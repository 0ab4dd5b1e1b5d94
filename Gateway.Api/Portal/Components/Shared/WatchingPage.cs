using Webhooks.Gateway.Api.Cluster;

namespace Webhooks.Gateway.Api.Portal.Components.Shared;

/// <summary>A page that is told of changes while it is open.</summary>
public abstract class WatchingPage : PortalPage, IDisposable
{
    private static readonly TimeSpan BetweenPaints = TimeSpan.FromMilliseconds(150);

    private readonly CancellationTokenSource _gone = new();
    private readonly List<Watch> _watches = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Paints anew after each change that is told, a few times a second at most, as long as the page is open.</summary>
    internal void Follow(Watch watch, Func<Task> changed)
    {
        _watches.Add(watch);
        _ = FollowAsync(watch, changed);
    }

    /// <summary>What was followed is of no interest any more.</summary>
    internal void Unfollow()
    {
        _watches.ForEach(static watch => watch.Dispose());
        _watches.Clear();
    }

    /// <summary>The page is left.</summary>
    protected virtual void Dispose(bool disposing)
    {
        _gone.Cancel();
        Unfollow();
        _gone.Dispose();
    }

    private async Task FollowAsync(Watch watch, Func<Task> changed)
    {
        var gone = _gone.Token;
        try
        {
            await foreach (var _ in watch.ChangesAsync(gone))
            {
                await InvokeAsync(async () =>
                {
                    await changed();
                    StateHasChanged();
                });
                await Task.Delay(BetweenPaints, gone);
            }
        }
        catch (Exception error) when (gone.IsCancellationRequested && error is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left.
        }
        catch (Exception error)
        {
            // The layout says so in words.
            await DispatchExceptionAsync(error);
        }
    }
}
