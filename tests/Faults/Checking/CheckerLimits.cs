namespace Webhooks.Faults.Checking;

/// <summary>What the judge takes as given of the system: its settings, and how long it needs after a fault. Times in milliseconds.</summary>
/// <param name="OutcomeWindow">
/// Age of an outcome that may not be committed yet: 2,000 by setting, and 1,000 for the commit itself. While one waits for
/// longer its endpoint sends nothing.
/// </param>
/// <param name="Settle">After the end of a fault, the time in which its consequences may still show.</param>
/// <param name="AttemptTimeout">Deadline of an attempt: an answer that came later may not have been heard.</param>
/// <param name="UncommittedOutcomes">Outcomes of one endpoint that one fault may lose at most.</param>
/// <param name="InFlight">Attempts in flight of an endpoint that is not strict; they are lost with a fault as well.</param>
/// <param name="KeptPerKind">Violations of one kind that are kept with their text; beyond it they are only counted.</param>
internal sealed record CheckerLimits(
    double OutcomeWindow = 3_000,
    double Settle = 15_000,
    double AttemptTimeout = 30_000,
    int UncommittedOutcomes = 512,
    int InFlight = 16,
    int KeptPerKind = 1_000);
