using System.Net;
using Webhooks.Faults.Machinery;
using Webhooks.Faults.Topologies;
using Webhooks.Faults.Topologies.Surroundings;
using Webhooks.Tests.Shared;

namespace Webhooks.Faults.Injection.Cuts;

/// <summary>Nothing passes between a gateway and the silos; publishers and the store reach it as before.</summary>
internal sealed class CutGatewayFromSilos : IFault
{
    // It opens its connections again by itself.
    private static readonly TimeSpan Return = TimeSpan.FromSeconds(30);

    public string Kind => "cut-gateway-from-silos";

    // Attempts are made by silos.
    public bool LosesOutcomes => false;

    public Needs Needs => Needs.Networks;

    public string? Obstacle(Topology topology) =>
        topology.Silos.Count == 0 || topology.Gateways.Count < 2 ? "needs silos and two gateways"
        : topology.Find<NetworkGroups>() is null ? NetworkGroups.Unavailable() ?? "needs a private network" : null;

    public async Task<Harm> InjectAsync(Topology topology, Random random, CancellationToken cancellationToken)
    {
        var gateway = random.Pick(topology.Gateways);
        var lasts = random.Seconds(4, 20);
        var group = topology.Find<NetworkGroups>()![gateway];
        var flows = topology.Silos.Select(silo => new Flow(silo.GatewayPort, group));
        var resets = random.Next(3) == 0;
        var cut = resets ? await PacketFilter.RejectAsync(flows) : await PacketFilter.DropAsync(flows);
        string? finding = null;
        // The publishers of a run soon all wait for the gateway that is cut: nothing flows for lack of them.
        return new Harm($"{gateway.Name} for {lasts.TotalSeconds:F0} s{(resets ? ", connections reset" : "")}", HarmEnds.WhenHealed, lasts, async _ =>
        {
            await cut.DisposeAsync();
            if (!await Eventually.WithinAsync(() => IsReadyAsync(gateway), Return))
            {
                finding = $"{gateway.Name} was not ready {Return.TotalSeconds:F0} s after it could reach the silos again";
            }
        })
        {
            ConcludeAsync = _ => Task.FromResult(finding),
        };
    }

    private static async Task<bool> IsReadyAsync(Node gateway)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using var answer = await http.GetAsync(new Uri(gateway.Address, "health/ready"));
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
