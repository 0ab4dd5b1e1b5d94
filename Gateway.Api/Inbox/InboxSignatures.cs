using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Webhooks.Gateway.Api.Cluster;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Signing;

namespace Webhooks.Gateway.Api.Inbox;

/// <summary>
/// Checks signatures as a receiver should, with the keys that the endpoint has at that moment. The keys are asked for each
/// time and kept nowhere.
/// </summary>
internal sealed class InboxSignatures(GrainCalls calls, Inboxes inboxes, TimeProvider time)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private static readonly SignatureCheck Unsigned = new(SignatureVerdict.Unsigned, "The request carries no signature.");

    private static readonly SignatureCheck Unknown = new(
        SignatureVerdict.NotChecked,
        "This gateway does not know yet which endpoint sends here. Open or save the endpoint once, and what comes then is checked.");

    public async Task<SignatureCheck> CheckAsync(InboxState inbox, HttpRequest request, ReadOnlyMemory<byte> body)
    {
        var prefix = request.Headers.ContainsKey("webhook-signature") ? "webhook-" : "svix-";
        var id = request.Headers[prefix + "id"].ToString();
        var signatures = request.Headers[prefix + "signature"].ToString();
        if (signatures.Length == 0 || id.Length == 0 || !long.TryParse(request.Headers[prefix + "timestamp"], NumberStyles.None, CultureInfo.InvariantCulture, out var timestamp))
        {
            return Unsigned;
        }

        var known = inbox.Look().Endpoints;
        var tried = 0;
        foreach (var endpoint in known)
        {
            EndpointDetails? details;
            try
            {
                details = await calls.ReadAsync(g => g.GetGrain<IEndpointQueries>(0).Find(endpoint.ApplicationId, endpoint.EndpointId));
            }
            catch (ApiException error)
            {
                return new SignatureCheck(SignatureVerdict.NotChecked, "The endpoint's keys could not be read: " + error.Message);
            }

            if (details is null || !inboxes.LeadsTo(details.Url, inbox))
            {
                inbox.Forget(endpoint);
                continue;
            }

            tried++;
            if (SignedBy(details, id, timestamp, body.Span, signatures))
            {
                return Judge(timestamp, endpoint.EndpointId);
            }
        }

        return tried == 0
            ? Unknown
            : new SignatureCheck(SignatureVerdict.Wrong, tried == 1 ? "The endpoint's key did not make this signature." : $"None of the keys of {tried} endpoints made this signature.");
    }

    private SignatureCheck Judge(long timestamp, string endpointId)
    {
        var away = time.GetUtcNow() - DateTimeOffset.UnixEpoch.AddSeconds(Math.Min(timestamp, int.MaxValue));
        return away.Duration() <= Tolerance
            ? new SignatureCheck(SignatureVerdict.Verified, "Made with the endpoint's key, just now.", endpointId)
            : new SignatureCheck(SignatureVerdict.OutOfTime, $"Made with the endpoint's key, but for a time {away.Duration().TotalMinutes:0} minutes away: a receiver should refuse it.", endpointId);
    }

    private bool SignedBy(EndpointDetails endpoint, string id, long timestamp, ReadOnlySpan<byte> body, string signatures)
    {
        var given = signatures.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var now = time.GetUtcNow();
        foreach (var secret in endpoint.Secrets.Where(secret => secret.ExpiresAt is not { } end || end > now))
        {
            // Both algorithms give one signature for one text.
            var expected = Encoding.ASCII.GetBytes(SigningKeys.Parse(secret.Key).Sign(id, timestamp, body));
            if (given.Any(signature => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), expected)))
            {
                return true;
            }
        }

        return false;
    }
}
