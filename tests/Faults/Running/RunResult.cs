namespace Webhooks.Faults.Running;

/// <summary>What came of a run.</summary>
/// <param name="Promises">Whether the histories show every promise kept.</param>
/// <param name="Flows">Whether everything flowed again after each fault, and was delivered in the end.</param>
internal sealed record RunResult(bool Promises, bool Flows)
{
    public bool Holds => Promises && Flows;
}
