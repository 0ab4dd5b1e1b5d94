using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Interfaces.Cluster;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Interfaces.EventTypes;
using Webhooks.Grains.Interfaces.Messages;

namespace Webhooks.Grains.Tests.Contracts;

/// <summary>One of each record that silos and gateways of two versions exchange, with every member set.</summary>
internal static class GoldenRecords
{
    private static readonly DateTimeOffset Time = new(2026, 3, 1, 12, 30, 45, 678, TimeSpan.Zero);
    private static readonly Guid Id = new("0195512a-3c4d-7e5f-8a9b-0c1d2e3f4a5b");
    private static readonly Dictionary<string, string> Map = new() { ["key"] = "value" };

    public static ApplicationDetails Application { get; } = new("app_1", "customer-1", "Shop", 5, Map, Time, Time.AddSeconds(1));

    /// <summary>As it was before filters and pauses.</summary>
    private static readonly EndpointDetails FormerEndpoint = new()
    {
        Id = "ep_1",
        ApplicationId = "app_1",
        Ordinal = 7,
        Uid = "uid",
        Url = "https://receiver.example/",
        Description = "text",
        EventTypes = ["lead.captured"],
        Channels = ["vip"],
        Headers = Map,
        Metadata = Map,
        Secrets = [new EndpointSecret("whsec_a"), new EndpointSecret("whsec_b", Time, Id)],
        ThrottleRate = 3,
        Disabled = true,
        Version = 2,
        Ordering = OrderingMode.Key,
        MaxInFlight = 4,
        RetrySchedule = [5, 300],
        CreatedAt = Time,
        UpdatedAt = Time,
    };

    public static EndpointDetails Endpoint { get; } = FormerEndpoint with { Filter = """{"data.amount":{"$gte":1000}}""", Paused = true };

    public static MessageDetails Message { get; } = new()
    {
        Id = "msg_1",
        EventType = "lead.captured",
        EventId = "order-1",
        Channels = ["vip"],
        Payload = [0x7B, 0x7D],
        Expired = true,
        AcceptedAt = Time,
        OrderingKey = "key",
        Tags = ["tag"],
        DeliverAt = Time.AddDays(1),
    };

    public static EventTypeDetails EventType { get; } = new()
    {
        Name = "lead.captured",
        Description = "text",
        Archived = true,
        Deprecated = true,
        Schemas = "{}",
        GroupName = "group",
        CreatedAt = Time,
        UpdatedAt = Time,
        FeatureFlags = ["flag"],
        CreatedBy = Id,
    };

    private static readonly LogMessage FormerLogMessage = new(2, Id, "lead.captured", Time, "key", [0x7B, 0x7D], "text/plain");

    private static RecoverTask FormerRecovery { get; } = new("org_a", RecoverKind.Missing, "app_1", "ep_1", Time, Time.AddDays(1));

    private static RecoverTask Recovery { get; } = FormerRecovery with { Kind = RecoverKind.Bulk, Filter = new RecoverFilter(["a"], "vip", "tag", 2, 500), DryRun = true };

    private static readonly EndpointChange FormerChange = new()
    {
        Uid = Change<string?>.To("uid"),
        Url = Change<string>.To("https://receiver.example/"),
        Description = Change<string>.To("text"),
        EventTypes = Change<IReadOnlyList<string>?>.To(["a"]),
        Channels = Change<IReadOnlyList<string>?>.To(["b"]),
        Headers = Change<IReadOnlyDictionary<string, string>?>.To(Map),
        Metadata = Change<IReadOnlyDictionary<string, string>?>.To(null),
        Secret = Change<string?>.To("whsec_a"),
        ThrottleRate = Change<int?>.To(null),
        Disabled = Change<bool>.To(true),
        Version = Change<int>.To(2),
        Ordering = Change<OrderingMode>.To(OrderingMode.None),
        MaxInFlight = Change<int?>.To(4),
        RetrySchedule = Change<IReadOnlyList<int>?>.To([5]),
    };

    private static readonly DeliveryExplanation FormerExplanation = new()
    {
        Standing = DeliveryStanding.Retrying,
        MatchesNow = true,
        Ahead = 3,
        Disabled = true,
        DisabledReason = "gone",
        FailingSince = Time,
        CircuitOpen = true,
        NextAttemptAt = Time.AddSeconds(5),
        Attempts = 2,
        DeadReason = "exhausted",
    };

    /// <summary>By the name of the golden file.</summary>
    public static IReadOnlyDictionary<string, object> All { get; } = new Dictionary<string, object>
    {
        ["ApplicationAddress"] = new ApplicationAddress("org_a", "customer-1"),
        ["ApplicationChange"] = new ApplicationChange { Name = Change<string>.To("n"), Uid = Change<string?>.To(null), ThrottleRate = Change<int?>.To(5), Metadata = Change<IReadOnlyDictionary<string, string>?>.To(Map) },
        ["ApplicationDetails"] = Application,
        ["SiloSight"] = new SiloSight("S127.0.0.1:11111:1", true, "Endpoint ep_1 waits."),
        ["SiloMember"] = new SiloMember("S127.0.0.1:11111:1", "silo", "Active", true),
        ["SiloReport"] = new SiloReport
        {
            Silo = "S127.0.0.1:11111:1",
            At = Time,
            StartedAt = Time.AddHours(-1),
            StoreAnswers = true,
            Trouble = "Endpoint ep_1 waits.",
            Endpoints = 5,
            WaitingEndpoints = 2,
            WaitingMessages = 70,
            Oldest = [new WaitingEndpoint("app_1", "ep_1", Time, 7)],
            Accepted = 100,
            Attempts = new Dictionary<string, long> { ["success"] = 99 },
            MemoryBytes = 1 << 30,
            Activations = 12,
            Store = "SQLite",
        },
        ["Answer.value"] = (Answer<ApplicationDetails>)Application,
        ["Answer.refusal"] = (Answer<ApplicationDetails>)new Refusal(RefusalKind.Conflict, "conflict", "Taken.", "uid"),
        ["AttemptDetails"] = new AttemptDetails
        {
            Id = "atmpt_1",
            MessageId = "msg_1",
            EndpointId = "ep_1",
            Url = "https://receiver.example/",
            Status = AttemptStatus.Fail,
            ResponseStatusCode = 503,
            ResponseDurationMs = 12,
            Response = "busy",
            Trigger = AttemptTrigger.Manual,
            StartedAt = Time,
            NextAttemptAt = Time.AddSeconds(5),
        },
        ["AttemptFilter"] = new AttemptFilter(Time, Time.AddDays(-1), 2, 500, "vip", ["a"], "ep_1", false, "tag"),
        ["DeliveryHint"] = new DeliveryHint(1, 3, true, [FormerLogMessage with { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" }]),
        ["Done"] = Done.Instance,
        ["EndpointChange"] = FormerChange with { Filter = Change<string?>.To("{}") },
        ["EndpointDetails"] = Endpoint,
        ["EventTypeChange"] = new EventTypeChange
        {
            Description = Change<string>.To("text"),
            Archived = Change<bool>.To(true),
            Deprecated = Change<bool>.To(false),
            Schemas = Change<string?>.To("{}"),
            GroupName = Change<string?>.To(null),
            FeatureFlags = Change<IReadOnlyList<string>?>.To(["flag"]),
        },
        ["EventTypeDetails"] = EventType,
        ["MessageDetails"] = Message,
        ["MessageFilter"] = new MessageFilter(Time, Time.AddDays(-1), "vip", ["a"], false, "tag"),
        ["Page"] = new Page<MessageDetails>([Message], true),
        ["PageRequest"] = new PageRequest(50, "msg_1", true, true),
        ["PublishMessage"] = new PublishMessage
        {
            Token = Id,
            MayBeRepeat = true,
            EventType = "lead.captured",
            Payload = [0x7B, 0x7D],
            ContentType = "text/plain",
            EventId = "order-1",
            Channels = ["vip"],
            OrderingKey = "key",
            Tags = ["tag"],
            DeliverAt = Time.AddDays(1),
            PayloadHours = 24,
            OnlyEndpoint = "ep_1",
        },
        ["AttemptedMessageDetails"] = new AttemptedMessageDetails(Message, AttemptedStatus.Sending, Time),
        ["AttemptedEndpointDetails"] = new AttemptedEndpointDetails(Endpoint, AttemptStatus.Fail, Time),
        ["AttemptAnnouncement"] = new AttemptAnnouncement(AttemptNews.Exhausted, "ep_1", "msg_1", "atmpt_1", 503, Time),
        ["DeadLetterDetails"] = new DeadLetterDetails(Message, "exhausted", Time),
        ["DeadLetterCount"] = new DeadLetterCount(7),
        ["DeliveryExplanation"] = FormerExplanation with { Rule = "filter", Paused = true, Lane = "key", AheadIsExact = true },
        ["GivenUp"] = new GivenUp(7, "msg_1", true),
        ["OperatorAct"] = new OperatorAct(Id, "organization org_a", "Ada", "note"),
        ["AuditEntry"] = new AuditEntry("audit_1", "ep_1", Time, "organization org_a", "Ada", "endpoint.paused", "note", "{}"),
        ["RecoverTask"] = Recovery,
        ["RecoverProgress"] = new RecoverProgress(Recovery, true, 7, Time, RecoverStatus.Cancelled, 9, 100, 200, "qtask_1"),
        ["AttemptStatistics"] = new AttemptStatistics(7, 3),
        ["AttemptSeries"] = new AttemptSeries([new AttemptSeriesPart(Time, 7, 3, 42, 180)]),
        ["EndpointNews"] = new EndpointNews(
            "ep_1", [new AttemptNotice("atmpt_1", "msg_1", AttemptStatus.Fail, 503, Time, Time.AddSeconds(5))], 7, new RecoveryNotice("qtask_1", RecoverStatus.Running, 7, 9, 100, 200), true, true),
        ["BatchAnswers"] = new BatchAnswers([Message, new Refusal(RefusalKind.Conflict, "conflict", "Taken.", "eventId")]),
        ["DeliveryForecast"] = new DeliveryForecast(true),
        ["ThrottleGrant"] = new ThrottleGrant(Time, TimeSpan.FromMilliseconds(10), 7),
        ["IdempotentCall"] = new IdempotentCall(Id, 201, [0x7B, 0x7D]),
    };

    /// <summary>What records were before members were added to them; the files stay as they were written then.</summary>
    public static IReadOnlyDictionary<string, object> Former { get; } = new Dictionary<string, object>
    {
        ["EndpointDetails.1"] = FormerEndpoint,
        ["EndpointChange.1"] = FormerChange,
        ["AttemptedEndpointDetails.1"] = new AttemptedEndpointDetails(FormerEndpoint, AttemptStatus.Fail, Time),
        ["DeliveryHint.1"] = new DeliveryHint(1, 3, true, [FormerLogMessage]),
        ["DeliveryExplanation.1"] = FormerExplanation,
        ["RecoverTask.1"] = FormerRecovery,
        ["RecoverProgress.1"] = new RecoverProgress(FormerRecovery, true, 7, Time),
    };
}
