using System.ComponentModel.DataAnnotations;

namespace Webhooks.Gateway.Api.Http;

/// <summary>Limits of the REST API. Section <c>Webhooks:Api</c>.</summary>
public sealed class ApiOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Webhooks:Api";

    /// <summary>Bytes of a request's body at most; above it 413. Default 2 MiB.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 2 * 1024 * 1024;

    /// <summary>Bytes of a batch's body at most; above it 413. Default 4 MiB.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int MaxBatchBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Messages of a batch at most; above it 422. Default 1,000.</summary>
    [Range(1, 10_000)]
    public int MaxBatchMessages { get; set; } = 1000;

    /// <summary>How many days ahead a message may be scheduled; further is 422. Default 90.</summary>
    [Range(1, 3650)]
    public int MaxScheduleDays { get; set; } = 90;

    /// <summary>Levels that JSON may nest at most. Default 1,000.</summary>
    [Range(8, 10_000)]
    public int MaxJsonDepth { get; set; } = 1000;

    /// <summary>How long a publish is tried again before it is answered 503, seconds. Default 10.</summary>
    [Range(1, 120)]
    public int PublishBudgetSeconds { get; set; } = 10;

    /// <summary>
    /// How long a call is tried again after a silo has said that the store does not answer, seconds; then 503. Default 0.5.
    /// </summary>
    [Range(0.0, 60.0)]
    public double StoreBudgetSeconds { get; set; } = 0.5;

    /// <summary>Whether endpoints must use https. Default false: what may be dialled is the silos' egress policy.</summary>
    public bool HttpsOnly { get; set; }
}
