namespace Webhooks.Faults.Receiving;

/// <summary>How often receivers fail, by a seeded random, and how long they take.</summary>
/// <param name="FailShare">Share of the requests that are answered 500, 0 to 1.</param>
/// <param name="HangShare">Share of the requests that are not answered at all, 0 to 1.</param>
/// <param name="DelayMilliseconds">What passes before each answer.</param>
internal sealed record Behaviour(double FailShare, double HangShare, int DelayMilliseconds = 0);
