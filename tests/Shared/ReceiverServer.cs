using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Webhooks.Tests.Shared;

/// <summary>A request as a receiver got it.</summary>
/// <param name="Path">With the query.</param>
/// <param name="Headers">By name without regard to case; several values joined by a comma.</param>
/// <param name="Order">1 for the first request of the server, 2 for the next …</param>
public sealed record ReceivedRequest(int Order, string Method, string Protocol, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body, string Connection)
{
    /// <summary>A header's value, or an empty text.</summary>
    public string Header(string name) => Headers.GetValueOrDefault(name, "");
}

/// <summary>Answers a request that has been recorded already.</summary>
public delegate Task ReceiverAnswer(ReceivedRequest request, HttpContext context);

/// <summary>A real HTTP receiver on a free port of 127.0.0.1 that records what it gets and answers as it is told; 200 by default.</summary>
public sealed class ReceiverServer : IAsyncDisposable
{
    private static readonly TimeSpan s_defaultWait = TimeSpan.FromSeconds(20);

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedRequest> _requests = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private ReceiverAnswer _answer;
    private int _order;

    private ReceiverServer(WebApplication app, ReceiverAnswer answer)
    {
        _app = app;
        _answer = answer;
    }

    /// <summary>The server's root, <c>http://127.0.0.1:port/</c>, or https with a certificate.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>What has arrived so far, in order of arrival.</summary>
    public IReadOnlyList<ReceivedRequest> Requests => [.. _requests];

    /// <summary>How requests are answered from now on.</summary>
    public ReceiverAnswer Answer
    {
        get => Volatile.Read(ref _answer);
        set => Volatile.Write(ref _answer, value);
    }

    /// <summary>An answer with a status and no body.</summary>
    public static ReceiverAnswer Status(int status) => (_, context) =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    /// <summary>Starts a receiver.</summary>
    /// <param name="certificate">Its TLS certificate; null for plain HTTP.</param>
    /// <param name="port">0 for a free one.</param>
    public static async Task<ReceiverServer> StartAsync(ReceiverAnswer? answer = null, X509Certificate2? certificate = null, int port = 0)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.WebHost.UseKestrelCore();
        if (certificate is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, port, listen =>
            {
                if (certificate is not null)
                {
                    listen.UseHttps(certificate);
                }
            });
        });
        var app = builder.Build();
        var server = new ReceiverServer(app, answer ?? Status(StatusCodes.Status200OK));
        app.Run(server.ReceiveAsync);
        await app.StartAsync();
        server.Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/");
        return server;
    }

    /// <summary>Waits until at least <paramref name="count"/> requests have arrived and returns them.</summary>
    /// <exception cref="TimeoutException">They have not in time (20 s unless told otherwise).</exception>
    public async Task<IReadOnlyList<ReceivedRequest>> WaitForAsync(int count, TimeSpan? limit = null)
    {
        using var deadline = new CancellationTokenSource(limit ?? s_defaultWait);
        while (_requests.Count < count)
        {
            try
            {
                await _arrived.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"{_requests.Count} of {count} requests have arrived at {Url} in time.");
            }
        }

        return Requests;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(stop.Token);
        await _app.DisposeAsync();
        _arrived.Dispose();
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var request = new ReceivedRequest(
            Interlocked.Increment(ref _order),
            context.Request.Method,
            context.Request.Protocol,
            context.Request.Path + context.Request.QueryString,
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray(),
            context.Connection.Id);
        _requests.Enqueue(request);
        _arrived.Release();
        await Answer(request, context);
    }
}
