using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Interfaces;

namespace Webhooks.Gateway.Api.Authentication;

/// <summary>Who calls: an organization, or one application of it with fewer rights.</summary>
internal sealed record Caller(string Organization, string? Application, IReadOnlySet<string> FeatureFlags);

/// <summary>Issues and checks bearer tokens (JWT, HS256).</summary>
internal sealed class Tokens
{
    /// <summary>The organization of a token that was asked for without one.</summary>
    public const string DefaultOrganization = "org_23rb8YdGqMT0qIzpgGwdXfHirMu";

    private const string Issuer = "orleans-webhooks";
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(30);

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly MemoryCache _known = new(new MemoryCacheOptions { SizeLimit = 10_000 });
    private readonly string _secret;
    private readonly SymmetricSecurityKey _key;
    private readonly TokenValidationParameters _rules;
    private readonly TimeProvider _time;

    public Tokens(string secret, TimeProvider time)
    {
        _secret = secret;
        _time = time;
        _key = new SymmetricSecurityKey(TokenSecret.Key(secret));
        _rules = new TokenValidationParameters
        {
            IssuerSigningKey = _key,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            ValidateIssuer = false,
            ValidateAudience = false,
            RequireExpirationTime = false,
            ValidateLifetime = true,
            ClockSkew = Tolerance,
        };
    }

    /// <summary>A token of an organization, or, with <paramref name="application"/>, of one application of it.</summary>
    /// <param name="flags">Feature flags of an application's token; null or empty for none.</param>
    public string Issue(string organization, TimeSpan lifetime, string? application = null, IReadOnlyCollection<string>? flags = null)
    {
        var now = _time.GetUtcNow();
        var claims = new Dictionary<string, object> { [JwtRegisteredClaimNames.Sub] = application ?? organization };
        if (application is not null)
        {
            claims["org"] = organization;
            if (flags is { Count: > 0 })
            {
                claims["feature_flags"] = flags;
            }
        }

        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            Claims = claims,
            Issuer = Issuer,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = (now + lifetime).UtcDateTime,
            SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.HmacSha256),
        });
    }

    /// <summary>The caller behind an Authorization header.</summary>
    /// <exception cref="ApiException">401 or 400, as the contract has it.</exception>
    public async ValueTask<Caller> AuthenticateAsync(string? header)
    {
        if (header is null || !header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            throw Invalid();
        }

        var token = header["Bearer ".Length..].Trim();
        if (_known.TryGetValue<Caller>(token, out var known))
        {
            return known!;
        }

        if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(_secret)))
        {
            throw new ApiException(401, "authentication_failed", "Invalid token: this is the secret itself. Make a token with `token create` and send that.");
        }

        var result = await _handler.ValidateTokenAsync(token, _rules);
        if (!result.IsValid)
        {
            throw Invalid();
        }

        var caller = Read((JsonWebToken)result.SecurityToken);
        var until = ((JsonWebToken)result.SecurityToken).ValidTo;
        // A token about to end is checked each time.
        if (until == default || until - _time.GetUtcNow().UtcDateTime > Remembered)
        {
            _known.Set(token, caller, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Remembered });
        }

        return caller;
    }

    private static ApiException Invalid() => new(401, "authentication_failed", "Invalid token");

    private static Caller Read(JsonWebToken token)
    {
        if (string.IsNullOrEmpty(token.Subject))
        {
            throw new ApiException(401, "authentication_failed", "The token has no subject.");
        }

        if (token.TryGetPayloadValue<string>("org", out var organization))
        {
            var flags = token.Claims.Where(static c => c.Type == "feature_flags").Select(static c => c.Value).ToHashSet(StringComparer.Ordinal);
            return organization.StartsWith(EntityId.Organization, StringComparison.Ordinal) && token.Subject.StartsWith(EntityId.Application, StringComparison.Ordinal)
                ? new Caller(organization, token.Subject, flags)
                : throw new ApiException(400, "bad token", "The token names no application of an organization.");
        }

        return token.Subject.StartsWith(EntityId.Organization, StringComparison.Ordinal)
            ? new Caller(token.Subject, null, new HashSet<string>())
            : throw new ApiException(400, "bad_token", "The token's subject is not an organization.");
    }
}
