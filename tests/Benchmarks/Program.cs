using System.Globalization;
using Webhooks.Benchmarks;
using Webhooks.Tests.Shared;

// throughput [seconds] [store]   deliveries/s and latency at 1 and 100 endpoints on both stores, beside the bare ceiling
// lists                  how long each list of the API takes at the store with a million attempts in it
// backlog [messages]     what a queue of a dead endpoint costs at activation, on both stores
// isolation [row] [store]      what healthy endpoints notice of a thousand that hang or misbehave (SQLite unless told otherwise)
// outage [messages] [store]      an endpoint that is down while events arrive, and comes back, on both stores
// lanes [store]          deliveries/s by order and maxInFlight at 50 ms of latency, and what one poison key costs the others
// throttle               rates of an endpoint and of an application with two silos, one of which is restarted
// dashboard [seconds]    what the Orleans dashboard's call filter costs: none, unwatched and watched in turns, SQLite
// pages                  how long the portal's pages take on the server with a million messages in the store (SQLite)
// recovery [messages]    dead letters sent again through a kill -9, standalone
var store = args.Skip(1).FirstOrDefault(static a => !int.TryParse(a, CultureInfo.InvariantCulture, out _));
var amount = args.Skip(1).Select(static a => int.TryParse(a, CultureInfo.InvariantCulture, out var n) ? n : 0).FirstOrDefault(static n => n > 0);
switch (args.FirstOrDefault())
{
    case "throughput":
        await using (var postgres = await PostgresServer.StartAsync())
        {
            await Throughput.RunAsync(postgres, TimeSpan.FromSeconds(amount > 0 ? amount : 8), store);
        }

        return 0;
    case "backlog":
        await using (var postgres = await PostgresServer.StartAsync())
        {
            await Backlog.RunAsync(postgres, amount > 0 ? amount : 1_000_000);
        }

        return 0;
    case "lists":
        await Lists.RunAsync();
        return 0;
    case "isolation":
        await using (var postgres = await PostgresServer.StartAsync())
        {
            await Isolation.RunAsync(postgres, Stores.Named(store ?? "SQLite").Single(), amount);
        }

        return 0;
    case "outage":
        await using (var postgres = await PostgresServer.StartAsync())
        {
            await Outage.RunAsync(postgres, amount > 0 ? amount : 50_000, store);
        }

        return 0;
    case "lanes":
        await using (var postgres = await PostgresServer.StartAsync())
        {
            await Lanes.RunAsync(postgres, store);
        }

        return 0;
    case "throttle":
        await Throttles.RunAsync();
        return 0;
    case "dashboard":
        await Dashboard.RunAsync(TimeSpan.FromSeconds(amount > 0 ? amount : 8));
        return 0;
    case "recovery":
        await Recoveries.RunAsync(amount > 0 ? amount : 100_000);
        return 0;
    case "pages":
        await Pages.RunAsync();
        return 0;
    case "rude-receiver":
        await RudeReceiver.RunAsync();
        return 0;
    default:
        Console.WriteLine("Usage: throughput [seconds] [store] | backlog [messages] | lists | isolation [row] [store] | outage [messages] [store] | lanes [store] | throttle | dashboard [seconds] | pages | recovery [messages]; a store is sqlite or postgresql");
        return 2;
}
