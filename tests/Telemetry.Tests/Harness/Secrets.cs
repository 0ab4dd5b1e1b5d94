namespace Webhooks.Telemetry.Tests.Harness;

/// <summary>What must be found in no span, metric or log line of any process.</summary>
internal static class Secrets
{
    public const string MetricsToken = "metrics-token-5f0b2c41";
    public const string Path = "path-secret-71c3";
    public const string Query = "query-secret-1a9d";
    public const string HeaderValue = "header-secret-84ee";
    public const string Payload = "payload-secret-2b77";
    public const string Answer = "answer-secret-60d2";
    public const string UserInfo = "userinfo-secret-3c5a";

    /// <summary>An endpoint's signing key.</summary>
    public const string SigningKey = "whsec_" + SigningKeyBytes;

    private const string SigningKeyBytes = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /// <summary>All of them, with the token that calls carry.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        MetricsToken, Path, Query, HeaderValue, Payload, Answer, UserInfo, SigningKeyBytes,
        Webhooks.Tests.Shared.Processes.Tokens.ForOrganization(), Webhooks.Tests.Shared.Processes.Tokens.Secret,
    ];
}
