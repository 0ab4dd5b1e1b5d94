using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Webhooks.Benchmarks;

/// <summary>An HTTP receiver on a free port of 127.0.0.1 that costs little.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Receiver(WebApplication app) => _app = app;

    /// <summary>Its root, without a slash at the end.</summary>
    public string Url => _app.Urls.First();

    public static async Task<Receiver> StartAsync(RequestDelegate receive)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(receive);
        await app.StartAsync();
        return new Receiver(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
