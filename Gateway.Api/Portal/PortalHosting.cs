using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;
using MudBlazor;
using MudBlazor.Services;
using Webhooks.Gateway.Api.Portal.Calls;
using Webhooks.Gateway.Api.Portal.Components;
using Webhooks.Gateway.Api.Portal.Live;
using Webhooks.Gateway.Api.Portal.Look;
using Webhooks.Gateway.Api.Portal.Session;

namespace Webhooks.Gateway.Api.Portal;

/// <summary>Everything that the portal needs of the gateway, in one place.</summary>
internal static class PortalHosting
{
    private const string Assets = "Gateway.Api.staticwebassets.endpoints.json";
    private const string NotFoundPage = "/not-found";

    /// <summary>A page hands what it was rendered with to its circuit in one message.</summary>
    private const int LargestMessage = 512 * 1024;

    // What answers programs goes on as it is, whatever the caller says it accepts.
    private static readonly string[] NotOurs = ["/api", "/docs", "/openapi", "/orleans", "/health", "/metrics", "/jwks", "/inbox", "/_blazor", "/_framework", "/_content"];

    public static void AddPortal(this WebApplicationBuilder builder, string secret)
    {
        UseOwnFiles(builder);
        var services = builder.Services;
        services.AddOptions<PortalOptions>().BindConfiguration(PortalOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddDataProtection().SetApplicationName("orleans-webhooks").DisableAutomaticKeyGeneration();
        services.Configure<KeyManagementOptions>(keys => keys.XmlRepository = new DerivedKeys(secret));
        services.AddAntiforgery(static antiforgery => antiforgery.Cookie = new EmbeddableCookie { Name = "webhooks-form", HttpOnly = true, IsEssential = true });
        services.AddRazorComponents()
            .AddInteractiveServerComponents()
            .AddHubOptions(static hub => hub.MaximumReceiveMessageSize = LargestMessage)
            .RegisterPersistentService<FirstAnswers>(RenderMode.InteractiveServer);
        services.AddMudServices(static mud =>
        {
            mud.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomCenter;
            mud.SnackbarConfiguration.PreventDuplicates = true;
            mud.SnackbarConfiguration.VisibleStateDuration = 6000;
        });
        services.AddSingleton<PortalPipeline>();
        services.AddSingleton<ThemeStyles>();
        services.AddSingleton<SessionCookie>();
        services.AddSingleton<LiveFeed>();
        services.AddHostedService(static provider => provider.GetRequiredService<LiveFeed>());
        services.AddScoped<PortalSession>();
        services.AddScoped<FirstAnswers>();
        services.AddScoped<PortalApi>();
        services.AddScoped<PortalLive>();
    }

    /// <summary>First: what pages ask goes through all that follows.</summary>
    public static void UsePortalCalls(this WebApplication app) => app.Services.GetRequiredService<PortalPipeline>().Capture(app);

    /// <summary>Before routing: what an unknown page is to a browser.</summary>
    public static void UsePortalPages(this WebApplication app) =>
        app.UseWhen(IsForBrowsers, static pages => pages.UseStatusCodePagesWithReExecute(NotFoundPage));

    /// <summary>After routing: only pages and their circuits carry a session.</summary>
    public static void UsePortalSessions(this WebApplication app)
    {
        app.UseMiddleware<PageGuard>();
        app.UseAntiforgery();
    }

    public static void MapPortal(this WebApplication app)
    {
        // Where the gateway is hosted by another program, a test's, its assets are not beside that.
        var hasAssets = File.Exists(Path.Combine(AppContext.BaseDirectory, Assets));
        if (hasAssets)
        {
            app.MapStaticAssets(Assets);
        }

        app.MapSession();
        app.MapTheme();
        var options = app.Services.GetRequiredService<IOptions<PortalOptions>>().Value;
        var pages = app.MapRazorComponents<App>();
        if (hasAssets)
        {
            pages.WithStaticAssets(Assets);
        }

        pages.AddInteractiveServerRenderMode(circuits =>
        {
            // The guard of pages writes the whole policy.
            circuits.ContentSecurityFrameAncestorsPolicy = null;
            // Compressed traffic tells strangers that frame a page something about its content.
            circuits.DisableWebSocketCompression = options.FrameAncestors != PortalOptions.Itself;
        });
    }

    private static bool IsForBrowsers(HttpContext context) =>
        (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
        && !Array.Exists(NotOurs, prefix => context.Request.Path.StartsWithSegments(prefix, StringComparison.Ordinal));

    /// <summary>Files lie beside the program, wherever it is started from; before it is published, where its build has them.</summary>
    private static void UseOwnFiles(WebApplicationBuilder builder)
    {
        var published = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        if (Directory.Exists(published))
        {
            builder.Environment.WebRootPath = published;
            builder.Environment.WebRootFileProvider = new PhysicalFileProvider(published);
        }
        else
        {
            builder.WebHost.UseStaticWebAssets();
        }
    }
}
