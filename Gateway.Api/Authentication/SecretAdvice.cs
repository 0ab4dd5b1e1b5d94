using System.Text;

namespace Webhooks.Gateway.Api.Authentication;

/// <summary>Warns at start of a secret that is easily guessed.</summary>
internal sealed partial class SecretAdvice(string secret, ILogger<SecretAdvice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var bytes = Encoding.UTF8.GetByteCount(secret);
        if (bytes < TokenSecret.WeakBelow)
        {
            Log.Weak(logger, bytes, TokenSecret.WeakBelow);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(2201, LogLevel.Warning, "Webhooks__Auth__JwtSecret has {Bytes} bytes; at least {Wanted} random ones are safe")]
        public static partial void Weak(ILogger logger, int bytes, int wanted);
    }
}
