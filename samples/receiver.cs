#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false

// A webhook receiver on the framework alone: checks the Standard Webhooks signature of each delivery and prints one line.
//
//   dotnet run samples/receiver.cs -- --secret whsec_…            (or WEBHOOK_SECRET=whsec_…)
//   dotnet run samples/receiver.cs -- --secret whsec_… --urls http://localhost:9001 --fail 2
//
// --urls   where it listens, default http://localhost:9000 (any path is taken)
// --fail   answers 500 to the first N deliveries, to see them retried

using System.Globalization;
using System.Security.Cryptography;
using System.Text;

const int ToleranceSeconds = 5 * 60;
const int MaxBodyBytes = 4 * 1024 * 1024;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = MaxBodyBytes);

var urls = builder.Configuration["urls"] ?? "http://localhost:9000";
builder.WebHost.UseUrls(urls);

var secret = builder.Configuration["secret"] ?? builder.Configuration["WEBHOOK_SECRET"];
if (DecodeSecret(secret) is not { } key)
{
    Console.Error.WriteLine("Give the endpoint's secret: --secret whsec_… or WEBHOOK_SECRET=whsec_…");
    return 1;
}

if (!int.TryParse(builder.Configuration["fail"] ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out var failuresLeft))
{
    Console.Error.WriteLine("--fail takes the number of deliveries to fail.");
    return 1;
}

var app = builder.Build();
app.MapPost("/{**path}", async (HttpContext context) =>
{
    // The signature covers the bytes as they came: parse nothing before it is checked.
    using var body = new MemoryStream();
    await context.Request.Body.CopyToAsync(body, context.RequestAborted);

    var headers = context.Request.Headers;
    var id = headers["webhook-id"].ToString();
    var now = TimeProvider.System.GetUtcNow();
    var refusal = Check(key, id, headers["webhook-timestamp"].ToString(), headers["webhook-signature"].ToString(), body.ToArray(), now);
    if (refusal is not null)
    {
        Print(now, "refused", id, context.Request.Path, refusal);
        return Results.BadRequest();
    }

    if (Interlocked.Decrement(ref failuresLeft) >= 0)
    {
        Print(now, "failed on purpose", id, context.Request.Path, "");
        return Results.StatusCode(StatusCodes.Status500InternalServerError);
    }

    Print(now, "verified", id, context.Request.Path, Encoding.UTF8.GetString(body.ToArray()));
    return Results.NoContent();
});

app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"Listening on {urls}"));
await app.RunAsync();
return 0;

// Null when the delivery is genuine, else why it is not.
static string? Check(byte[] key, string id, string timestamp, string signatures, byte[] body, DateTimeOffset now)
{
    if (id.Length == 0 || signatures.Length == 0)
    {
        return "a webhook-* header is missing";
    }

    if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
    {
        return "webhook-timestamp is not a number of seconds";
    }

    // Compared without subtracting, so that no number a stranger sends can overflow.
    var present = now.ToUnixTimeSeconds();
    if (seconds < present - ToleranceSeconds || seconds > present + ToleranceSeconds)
    {
        return "webhook-timestamp is more than five minutes off";
    }

    byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
    var expected = HMACSHA256.HashData(key, signed);

    // The header lists one signature per valid key, such as "v1,<base64> v1,<base64>" while a secret is being rotated.
    foreach (var signature in signatures.Split(' ', StringSplitOptions.RemoveEmptyEntries))
    {
        var given = new byte[expected.Length];
        if (signature.StartsWith("v1,", StringComparison.Ordinal)
            && Convert.TryFromBase64String(signature["v1,".Length..], given, out var length)
            && length == expected.Length
            && CryptographicOperations.FixedTimeEquals(given, expected))
        {
            return null;
        }
    }

    return "no signature matches";
}

static byte[]? DecodeSecret(string? secret)
{
    const string prefix = "whsec_";
    if (secret is null || !secret.StartsWith(prefix, StringComparison.Ordinal))
    {
        return null;
    }

    var key = new byte[secret.Length];
    return Convert.TryFromBase64String(secret[prefix.Length..], key, out var length) && length > 0 ? key[..length] : null;
}

// One line per delivery, whatever the body or a header holds.
static void Print(DateTimeOffset now, string outcome, string id, string path, string text)
{
    const int shown = 200;
    var line = text.Length > shown ? text[..shown] + "…" : text;
    var printable = $"{outcome} {id} {path} {line}".Select(c => char.IsControl(c) ? ' ' : c).ToArray();
    Console.WriteLine($"{now:HH:mm:ss.fff} {new string(printable)}");
}
