namespace Webhooks.Faults.Publishing;

/// <summary>What a publisher can conclude from what came of one request.</summary>
internal enum Conclusion
{
    /// <summary>202.</summary>
    Accepted = 0,

    /// <summary>Nothing was kept: no connection, or an answer that says so.</summary>
    NotKept = 1,

    /// <summary>It may have been carried out.</summary>
    Unknown = 2,
}

/// <summary>What came of one request.</summary>
/// <param name="Gateway">Its number, from 0.</param>
/// <param name="Status">Of the answer; 0 without one.</param>
/// <param name="Took">Milliseconds.</param>
internal sealed record Answer(int Gateway, Conclusion Conclusion, int Status, string? MessageId, double SentAt, double Took);
