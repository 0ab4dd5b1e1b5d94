using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Grains.Applications;

/// <summary>
/// How far acts have come that are not in the audit log yet, by the act's id: the repeat of a call whose entry could not
/// be written finishes what it began instead of skipping one message more. Bounded; the oldest are forgotten.
/// </summary>
internal sealed class BegunActs
{
    /// <summary>An act is forgotten with its entry: more than a few wait only while the store does not answer.</summary>
    public const int Most = 100;

    private readonly OrderedDictionary<Guid, GivenUp> _acts = [];

    public GivenUp? Find(Guid act) => _acts.GetValueOrDefault(act);

    public void Remember(Guid act, GivenUp reached)
    {
        _acts[act] = reached;
        if (_acts.Count > Most)
        {
            _acts.RemoveAt(0);
        }
    }

    public void Forget(Guid act) => _acts.Remove(act);
}
