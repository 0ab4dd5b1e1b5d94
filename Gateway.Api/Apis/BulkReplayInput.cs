using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Interfaces.Deliveries;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>Reads what a bulk replay is narrowed to. How far it reaches back is bounded by what the log still has.</summary>
internal static class BulkReplayInput
{
    private const int MaxEventTypes = 100;
    private static readonly int[] CodeClasses = [0, 100, 200, 300, 400, 500];

    /// <exception cref="InputException">A field is of a wrong type. Broken rules gather in the input.</exception>
    public static RecoveryInput Read(Input input, TimeProvider time)
    {
        var since = input.Required("since", input.Time).Value;
        var until = input.Optional("until", (v, n) => (DateTimeOffset?)input.Time(v, n)).Value;
        var filter = new RecoverFilter(
            input.Optional("eventTypes", (v, n) => (IReadOnlyList<string>?)input.Texts(v, n)).Value,
            input.Optional("channel", (v, n) => (string?)input.Text(v, n)).Value,
            input.Optional("tag", (v, n) => (string?)input.Text(v, n)).Value,
            input.Optional("status", (v, n) => (int?)input.Number(v, n)).Value,
            input.Optional("statusCodeClass", (v, n) => (int?)input.Number(v, n)).Value);
        if (until < since)
        {
            input.Refuse("Must not lie after until.", "since");
        }

        input.Names(filter.EventTypes, "event_types", MaxEventTypes);
        input.Name(filter.Channel, "channel");
        input.Name(filter.Tag, "tag");
        if (filter.Status is not (null or 0 or 2 or 3))
        {
            // What has not been tried is on its way by itself, and nothing here is ever cancelled by a resend.
            input.Refuse("Must be 0 (delivered), 2 (failed) or 3 (on its way).", "status");
        }

        if (filter.StatusCodeClass is { } hundred && !CodeClasses.Contains(hundred))
        {
            input.Refuse("Must be one of " + string.Join(", ", CodeClasses) + ".", "status_code_class");
        }

        return new RecoveryInput(since, until ?? time.GetUtcNow(), filter == new RecoverFilter() ? null : filter);
    }
}
