using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Webhooks.Grains.Sending;
using Xunit;

namespace Webhooks.Grains.Tests.Sending;

public sealed class SendingRegistrationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Development_allows_http_and_loopback_beside_what_is_listed()
    {
        using var host = Build("Development", ("Webhooks:Egress:AllowedSubnets:0", "10.1.0.0/16"));
        await host.StartAsync(Token);
        var policy = host.Services.GetRequiredService<EgressPolicy>();

        Assert.Null(policy.RefuseUrl(new Uri("http://example.com")));
        Assert.Null(policy.RefuseAddress(IPAddress.Loopback));
        Assert.Null(policy.RefuseAddress(IPAddress.IPv6Loopback));
        Assert.Null(policy.RefuseAddress(IPAddress.Parse("10.1.2.3")));
        Assert.Equal("private", policy.RefuseAddress(IPAddress.Parse("10.2.0.1")));
        Assert.IsType<WebhookSender>(host.Services.GetRequiredService<IWebhookSender>());
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task Anything_else_allows_neither()
    {
        using var host = Build("Production");
        await host.StartAsync(Token);
        var policy = host.Services.GetRequiredService<EgressPolicy>();

        Assert.NotNull(policy.RefuseUrl(new Uri("http://example.com")));
        Assert.Equal("loopback", policy.RefuseAddress(IPAddress.Loopback));
        await host.StopAsync(Token);
    }

    [Theory]
    [InlineData("Webhooks:Egress:AllowedSubnets:0", "10.0.0.0/99")]
    [InlineData("Webhooks:Delivery:RetrySchedule:1", "-1")]
    [InlineData("Webhooks:Delivery:ReminderThreshold", "00:00:00")]
    [InlineData("Webhooks:Delivery:SiloFailingAttempts", "2000")]
    [InlineData("Webhooks:Delivery:RequestTimeoutSeconds", "0")]
    [InlineData("Webhooks:Connections:IdleSeconds", "0")]
    public async Task A_setting_that_makes_no_sense_stops_the_start_and_is_named(string key, string value)
    {
        using var host = Build("Production", ("Webhooks:Delivery:RetrySchedule:0", "1"), ("Webhooks:Delivery:RetrySchedule:1", "1"), (key, value));

        var e = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Token));

        Assert.Contains(key.Split(':')[2], e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configured_schedule_replaces_the_default_whole()
    {
        using var host = Build("Production", ("Webhooks:Delivery:RetrySchedule:0", "1"), ("Webhooks:Delivery:RetrySchedule:1", "2"));

        Assert.Equal([1, 2], host.Services.GetRequiredService<IOptions<DeliveryOptions>>().Value.RetrySchedule);
    }

    private static IHost Build(string environment, params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = environment });
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.Services.AddWebhookSending();
        return builder.Build();
    }
}
