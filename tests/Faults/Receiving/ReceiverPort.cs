using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Webhooks.Faults.Receiving;

/// <summary>A port that receivers listen on, as long as it is open.</summary>
internal sealed class ReceiverPort(int port, RequestDelegate receive)
{
    // What is being answered when a port closes is cut off soon, as a machine that dies would.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(50);

    private WebApplication? _app;

    public int Port => port;

    public async Task OpenAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var app = builder.Build();
        app.Run(receive);
        await app.StartAsync();
        _app = app;
    }

    public async Task CloseAsync()
    {
        if (_app is null)
        {
            return;
        }

        using var grace = new CancellationTokenSource(Grace);
        await _app.StopAsync(grace.Token);
        await _app.DisposeAsync();
        _app = null;
    }
}
