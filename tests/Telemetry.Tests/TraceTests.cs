using System.Text;
using Webhooks.Telemetry.Tests.Harness;
using Xunit;

namespace Webhooks.Telemetry.Tests;

/// <summary>One event, two processes, one trace.</summary>
public sealed class TraceTests(RunningSystem system)
{
    private const string Gateway = "orleans-webhooks-gateway";
    private const string Silo = "orleans-webhooks-silo";
    private const string Ours = "Webhooks";
    private const string Grains = "Microsoft.Orleans.Application";

    [Fact]
    public async Task One_trace_leads_from_the_request_over_grains_and_statements_to_the_attempt()
    {
        var spans = await system.SpansAsync(all => FindAttempt(all, system.Event) is { } found && IsComplete(all, found.Trace), "the whole trace was exported");
        var attempt = FindAttempt(spans, system.Event)!;
        var trace = spans.Where(s => s.Trace == attempt.Trace).ToDictionary(static s => s.Id);

        TestContext.Current.TestOutputHelper!.WriteLine(TraceTree.Describe(trace.Values));
        var request = Assert.Single(trace.Values, static s => s.Service == Gateway && s.Kind == SpanKind.Server);
        Assert.Equal("", request.Parent);
        Assert.Equal("/api/v1/app/{app}/msg", request.Attribute("http.route"));
        var call = trace.Values.First(s => s.Service == Gateway && s.Scope == Grains && s.Parent == request.Id && s.Name == "IApplicationGrain/Publish");
        var publish = Assert.Single(trace.Values, s => s.Service == Silo && s.Scope == Grains && s.Parent == call.Id);
        var commit = Assert.Single(trace.Values, static s => s.Service == Silo && s.Name == "commit append");
        Assert.Equal(publish.Id, commit.Parent);
        Assert.Contains(trace.Values, s => s.Service == Silo && s.Scope == "Npgsql" && s.Parent == commit.Id);
        var hint = trace.Values.First(static s => s.Service == Silo && s.Name == "hint");
        Assert.Equal(publish.Id, hint.Parent);
        Assert.Contains(trace.Values, s => s.Scope == Grains && s.Parent == hint.Id && s.Name == "IEndpointGrain/Deliver");
        Assert.Equal(publish.Id, attempt.Parent);
    }

    [Fact]
    public async Task An_attempt_says_what_was_sent_where_by_ids_and_a_host()
    {
        var spans = await system.SpansAsync(all => FindAttempt(all, system.Event) is not null, "the attempt was exported");
        var attempt = FindAttempt(spans, system.Event)!;
        Assert.Equal((Silo, Ours, SpanKind.Client), (attempt.Service, attempt.Scope, attempt.Kind));
        Assert.Equal(system.Event.Application, attempt.Attribute("webhooks.application.id"));
        Assert.StartsWith("atmpt_", attempt.Attribute("webhooks.attempt.id"), StringComparison.Ordinal);
        Assert.Equal(("POST", "127.0.0.1", "200"), (attempt.Attribute("http.request.method"), attempt.Attribute("server.address"), attempt.Attribute("http.response.status_code")));
        Assert.DoesNotContain(attempt.Attributes.Keys, static name => name is "url.full" or "url.path" or "url.query");
    }

    [Fact]
    public async Task The_receiver_is_told_the_attempts_span_when_that_is_switched_on()
    {
        var spans = await system.SpansAsync(all => FindAttempt(all, system.Event) is not null, "the attempt was exported");
        var attempt = FindAttempt(spans, system.Event)!;
        Assert.Equal($"00-{attempt.Trace}-{attempt.Id}-01", system.Event.Request.Header("traceparent"));
        Assert.Equal(Secrets.HeaderValue, system.Event.Request.Header("x-api-key"));
    }

    [Fact]
    public async Task A_retry_is_told_of_in_the_trace_of_its_publish()
    {
        var spans = await system.SpansAsync(all => FindAttempts(all, system.Retried).Count == 2, "both attempts were exported");
        var attempts = FindAttempts(spans, system.Retried);
        Assert.Equal(["500", "200"], attempts.Select(static a => a.Attribute("http.response.status_code")));
        Assert.Equal(["500", ""], attempts.Select(static a => a.Attribute("error.type")));
        Assert.All(attempts, a => Assert.Equal(FindAttempt(spans, system.Event)!.Trace, a.Trace));
    }

    [Fact]
    public async Task A_commit_that_serves_several_is_linked_to_all_of_them()
    {
        const int events = 40;
        var messages = await Task.WhenAll(Enumerable.Range(0, events).Select(_ => RunningSystem.PublishAsync(system.Gateway, system.Event.Application)));
        var spans = await system.SpansAsync(
            all => messages.All(message => FindAttempt(all, system.Event with { Message = message }) is { } found && IsServed(all, found)),
            "every publish has its commit, and every attempt is in its trace and has the commit of its outcome");
        Assert.Equal(events, messages.Select(m => FindAttempt(spans, system.Event with { Message = m })!.Trace).Distinct().Count());
    }

    [Fact]
    public async Task A_standalone_process_tells_the_same_of_itself_under_the_name_that_it_is_given()
    {
        var spans = await system.SpansAsync(
            all => FindAttempt(all, system.StandaloneEvent) is { } found && all.Any(s => s.Trace == found.Trace && s.Name == "commit append"),
            "the trace was exported");
        var attempt = FindAttempt(spans, system.StandaloneEvent)!;
        Assert.All(spans.Where(s => s.Trace == attempt.Trace), static s => Assert.Equal(RunningSystem.StandaloneService, s.Service));
        Assert.Equal("", system.StandaloneEvent.Request.Header("traceparent"));
        Assert.DoesNotContain(system.Otlp.Of("/v1/metrics"), static r => Encoding.Latin1.GetString(r.Body).Contains(RunningSystem.StandaloneService, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_process_does_for_nobody_is_in_no_trace()
    {
        var spans = await system.SpansAsync(all => FindAttempt(all, system.Event) is not null, "the attempt was exported");
        Assert.All(spans.Where(static s => s.Parent == ""), static s => Assert.True(s.Scope == Ours || s.Kind == SpanKind.Server && s.Scope != Grains, $"{s.Scope}: {s.Name}"));
        Assert.DoesNotContain(spans, static s => s.Name.EndsWith("/Look", StringComparison.Ordinal) || s.Attribute("url.path").StartsWith("/health", StringComparison.Ordinal));
    }

    private static List<Span> FindAttempts(IReadOnlyList<Span> spans, Delivered delivered) =>
        [.. spans.Where(s => s.Name == "attempt" && s.Attribute("webhooks.message.id") == delivered.Message && s.Attribute("webhooks.endpoint.id") == delivered.Endpoint)
            .OrderBy(static s => s.Attribute("webhooks.attempt.id"), StringComparer.Ordinal)];

    private static Span? FindAttempt(IReadOnlyList<Span> spans, Delivered delivered) => FindAttempts(spans, delivered).FirstOrDefault();

    // Parents are exported after what is below them, and each process by itself.
    private static bool IsComplete(IReadOnlyList<Span> spans, string trace)
    {
        var found = spans.Where(s => s.Trace == trace).ToList();
        return found.Exists(static s => s.Name == "commit append") && found.Exists(static s => s.Service == Gateway && s.Kind == SpanKind.Server)
            && found.TrueForAll(s => s.Parent == "" || found.Exists(other => other.Id == s.Parent));
    }

    private static bool IsServed(IReadOnlyList<Span> spans, Span attempt) =>
        spans.Any(s => s.Name == "commit append" && (s.Trace == attempt.Trace || s.Links.Any(l => l.Trace == attempt.Trace)))
        && spans.Any(s => s.Name == "commit outcome" && (s.Parent == attempt.Id || s.Links.Any(l => l.Id == attempt.Id)));
}
