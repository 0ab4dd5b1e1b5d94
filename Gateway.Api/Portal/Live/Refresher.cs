namespace Webhooks.Gateway.Api.Portal.Live;

/// <summary>Reads again when something has happened: once at a time, and with a pause, however much happens. For one thread.</summary>
internal sealed class Refresher(Func<Task> refresh, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private bool _busy;
    private bool _again;

    public async Task AskAsync()
    {
        if (_busy)
        {
            _again = true;
            return;
        }

        _busy = true;
        try
        {
            do
            {
                _again = false;
                await refresh();
                await Task.Delay(Pause, time);
            }
            while (_again);
        }
        finally
        {
            _busy = false;
        }
    }
}
