using Webhooks.Benchmarks;
using Webhooks.Tests.Shared;

// throughput [seconds] [store]   deliveries/s and latency at 1 and 100 endpoints on both stores, beside the bare ceiling
// lists                  how long each list of the API takes at the store with a million attempts in it
// backlog [messages]     what a queue of a dead endpoint costs at activation, on both stores
var amount = args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 0;
switch (args.FirstOrDefault())
{
    case "throughput":
        await using (var postgres = await PostgresServer.StartAsync())
        {
            await Throughput.RunAsync(postgres, TimeSpan.FromSeconds(amount > 0 ? amount : 8), args.ElementAtOrDefault(2));
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
    default:
        Console.WriteLine("Usage: throughput [seconds] [sqlite|postgresql] | backlog [messages] | lists");
        return 2;
}
