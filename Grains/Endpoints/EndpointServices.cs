using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Webhooks.Grains.Hosting;
using Webhooks.Grains.Sending;
using Webhooks.Grains.Storage;
using Webhooks.Grains.Telemetry;

namespace Webhooks.Grains.Endpoints;

/// <summary>What every endpoint of a silo works with.</summary>
internal sealed class EndpointServices(
    IMessageLog log,
    ICursorStore cursors,
    IDeliveryReads reads,
    IRecoveryStore recoveries,
    IConfigurationStore configuration,
    OutcomeWriter outcomes,
    IWebhookSender sender,
    SendGate gate,
    LivingSilos silos,
    StoreClock clock,
    EndpointActivations activations,
    AttemptSlots slots,
    WindowBudget windows,
    EndpointMarks marks,
    WebhookMetrics metrics,
    IOptions<DeliveryOptions> options,
    IOptions<TelemetryOptions> telemetry,
    ILogger<EndpointGrain> logger)
{
    public IMessageLog Log { get; } = log;
    public ICursorStore Cursors { get; } = cursors;
    public IDeliveryReads Reads { get; } = reads;
    public IRecoveryStore Recoveries { get; } = recoveries;
    public IConfigurationStore Configuration { get; } = configuration;
    public OutcomeWriter Outcomes { get; } = outcomes;
    public IWebhookSender Sender { get; } = sender;
    public SendGate Gate { get; } = gate;
    public LivingSilos Silos { get; } = silos;
    public StoreClock Clock { get; } = clock;
    public EndpointActivations Activations { get; } = activations;
    public AttemptSlots Slots { get; } = slots;
    public WindowBudget Windows { get; } = windows;
    public EndpointMarks Marks { get; } = marks;
    public WebhookMetrics Metrics { get; } = metrics;
    public TelemetryOptions Telemetry { get; } = telemetry.Value;
    public DeliveryOptions Options { get; } = options.Value;

    /// <summary>Orleans drops a tick that falls due while no silo owns the reminder; the next comes a period later.</summary>
    public TimeSpan ReminderPeriod { get; } =
        options.Value.ReminderThreshold < TimeSpan.FromMinutes(1) ? options.Value.ReminderThreshold : TimeSpan.FromMinutes(1);

    public ILogger Logger { get; } = logger;
}
