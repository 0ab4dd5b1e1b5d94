using Webhooks.Faults.Checking;
using Webhooks.Faults.Machinery;
using Webhooks.Faults.Running;

// run            faults one at a time under load, judged at the end
// upgrade        processes of an earlier revision replaced by today's, one after the other, judged like a run
// unfenced       a run of a build whose fencing is taken out, which must fail
// soak           load alone, and what grows meanwhile
// check          a history that was kept, judged again
// store-outage   the store away under load: who is told what, and how fast

// In a network of its own, so that a cut touches nobody else.
if (args.FirstOrDefault() is "run" or "unfenced" && PrivateNetwork.Reexecute(args) is { } notStarted)
{
    return notStarted;
}

using var cancel = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    cancel.Cancel();
};
try
{
    switch (args.FirstOrDefault())
    {
        case "run":
            return await FaultRun.RunAsync(RunOptions.Parse(args[1..]), cancel.Token) is { Holds: true } ? 0 : 1;
        case "upgrade":
            return await UpgradeRun.RunAsync(RunOptions.Parse(args[1..]), cancel.Token) is { Holds: true } ? 0 : 1;
        case "unfenced":
            return await UnfencedRun.RunAsync(RunOptions.Parse(args[1..]), cancel.Token) ? 0 : 1;
        case "soak":
            await Soak.RunAsync(RunOptions.Parse(args[1..]), cancel.Token);
            return 0;
        case "store-outage":
            return await StoreOutage.RunAsync(RunOptions.Parse(args[1..]), cancel.Token) ? 0 : 1;
        case CheckCommand.Name:
            return CheckCommand.Run(args.AsSpan(1), Console.Out, Console.Error);
        default:
            Console.WriteLine("Usage: check FOLDER | upgrade --from REVISION [--back true] [--next-schema true] | run|unfenced|soak|store-outage [--minutes N] [--seed N] [--rate N] [--silos N] [--gateways N] [--kinds A,B] [--store postgres|sqlite] [--keep FOLDER] …");
            return 2;
    }
}
catch (ArgumentException wrong)
{
    Console.WriteLine(wrong.Message);
    return 2;
}
