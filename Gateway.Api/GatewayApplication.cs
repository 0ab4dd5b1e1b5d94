using Webhooks.Gateway.Api.Apis;
using Webhooks.Gateway.Api.Authentication;
using Webhooks.Gateway.Api.Cluster;
using Webhooks.Gateway.Api.Hosting;
using Webhooks.Gateway.Api.Http;
using Webhooks.Gateway.Api.Idempotency;
using Webhooks.Gateway.Api.Inbox;
using Webhooks.Gateway.Api.OpenApi;
using Webhooks.Gateway.Api.Portal;
using Webhooks.Gateway.Api.Portal.Overview;
using Webhooks.Gateway.Api.Portal.Tasks;
using Webhooks.Grains.Hosting;
using Webhooks.Grains.Telemetry;

namespace Webhooks.Gateway.Api;

/// <summary>The gateway as a whole, for the program, the demo and tests alike.</summary>
public static class GatewayApplication
{
    /// <summary>Where it listens when nothing else is said.</summary>
    public const string DefaultUrl = "http://localhost:8071";

    private const long DrainedBytes = 16 * 1024 * 1024;

    /// <summary>Services, settings and the engine that the mode asks for.</summary>
    /// <param name="builder">The application to be.</param>
    /// <exception cref="Webhooks.Grains.Hosting.MissingSettingException">A setting is missing that the mode needs.</exception>
    public static WebApplicationBuilder AddGateway(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ListenByDefault(builder);
        var secret = TokenSecret.Find(builder.Configuration);
        builder.AddLoggingDefaults();
        var options = builder.Configuration.GetSection(ApiOptions.Section).Get<ApiOptions>() ?? new ApiOptions();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // The limit of the API is the reader's. Beyond this one the server cuts the connection, and a caller that is
            // still writing sees that instead of its 413.
            kestrel.Limits.MaxRequestBodySize = Math.Max(options.MaxBodyBytes, options.MaxBatchBytes) + DrainedBytes;
        });
        builder.Services.AddOptions<ApiOptions>().BindConfiguration(ApiOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(services => new Tokens(secret, SteadyClock.Wall(services.GetRequiredService<TimeProvider>())));
        builder.Services.AddSingleton<BodyReader>();
        builder.Services.AddSingleton<EndpointInput>();
        builder.Services.AddSingleton<MessageInput>();
        builder.Services.AddSingleton<IdempotencyFilter>();
        builder.Services.AddSingleton<ClusterState>();
        builder.Services.AddSingleton<ClusterWatch>();
        builder.Services.AddSingleton<GrainCalls>();
        builder.Services.AddSingleton<Applications>();
        builder.Services.AddCors(static cors => cors.AddDefaultPolicy(static policy =>
            policy.AllowAnyOrigin().AllowAnyMethod().AllowAnyHeader().SetPreflightMaxAge(TimeSpan.FromSeconds(600))));
        builder.Services.AddHostedService(services => new SecretAdvice(secret, services.GetRequiredService<ILogger<SecretAdvice>>()));
        builder.Services.AddInboxes(secret);
        builder.Services.AddSingleton<SystemWatch>();
        builder.Services.AddSingleton<TaskWatch>();
        builder.AddDocumentation();
        builder.AddTelemetry("orleans-webhooks-gateway");
        builder.AddPortal(secret);
        builder.AddEngine();
        builder.Services.AddHostedService(static services => services.GetRequiredService<ClusterWatch>());
        builder.AddHealth();
        return builder;
    }

    /// <summary>Middleware and routes.</summary>
    /// <param name="app">The application.</param>
    public static WebApplication UseGateway(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseNormalizedPaths();
        app.UsePortalCalls();
        app.UseMiddleware<ErrorAnswers>();
        app.UseMetricsPage();
        app.Use(static (context, next) =>
        {
            context.Response.Headers.XContentTypeOptions = "nosniff";
            return next(context);
        });
        app.UsePortalPages();
        app.UseRouting();
        app.UseCors();
        app.UsePortalSessions();
        var api = app.MapGroup("/api/v1").AddEndpointFilterFactory(static (_, next) => context =>
            new CallerFilter(context.HttpContext.RequestServices.GetRequiredService<Tokens>()).InvokeAsync(context, next));
        // After the token was checked: a first answer is given again only to its own caller.
        api.AddEndpointFilterFactory(static (_, next) => context =>
            context.HttpContext.RequestServices.GetRequiredService<IdempotencyFilter>().InvokeAsync(context, next));
        api.MapApplications();
        api.MapEndpoints();
        api.MapEventTypes();
        api.MapMessages();
        api.MapAttempts();
        api.MapDeliveries();
        api.MapDeadLetters();
        api.MapBackgroundTasks();
        api.MapOperators();
        api.MapAudit();
        api.MapExplanations();
        api.MapAuthentication();
        api.MapAdministration();
        app.MapLogout();
        app.MapHealth();
        app.MapJwks();
        app.MapInboxes();
        app.MapDocumentation();
        app.MapDashboard();
        app.MapPortal();
        return app;
    }

    private static void ListenByDefault(WebApplicationBuilder builder)
    {
        var configured = (string[])["urls", "http_ports", "https_ports"];
        if (configured.All(name => string.IsNullOrEmpty(builder.Configuration[name])) && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }
    }
}
