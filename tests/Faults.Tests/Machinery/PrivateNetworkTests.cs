using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Webhooks.Faults.Machinery;
using Webhooks.Tests.Shared;

namespace Webhooks.Faults.Tests.Machinery;

public sealed class PrivateNetworkTests
{
    [Fact]
    public Task A_process_that_executes_itself_again_inside_has_nothing_but_loopback()
    {
        Machine.Offers(PrivateNetwork.Unavailable());
        return Machine.InPrivateNetworkAsync(typeof(PrivateNetworkTests), async () =>
        {
            Assert.Null(PrivateNetwork.Reexecute([]));
            var loopback = Assert.Single(NetworkInterface.GetAllNetworkInterfaces(), static i => i.OperationalStatus != OperationalStatus.Down);
            Assert.Equal(NetworkInterfaceType.Loopback, loopback.NetworkInterfaceType);

            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            using var client = new TcpClient();
            await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, TestContext.Current.CancellationToken);
        });
    }

    [Fact]
    public async Task A_program_started_inside_keeps_its_process_its_exit_code_and_its_signals()
    {
        Machine.Offers(PrivateNetwork.Unavailable());
        var (file, arguments) = PrivateNetwork.Command("bash", ["-c", "trap 'echo ended; exit 7' TERM; echo $$; while :; do read -rt 0.05; done"]);
        await using var process = ChildProcess.Start(file, arguments);

        var patience = TimeSpan.FromSeconds(20);
        var id = await process.WaitForLineAsync(static _ => true, patience, TestContext.Current.CancellationToken);
        Assert.Equal(process.Id.ToString(CultureInfo.InvariantCulture), id);
        process.Terminate();
        Assert.Equal(7, await process.WaitForExitAsync(patience, TestContext.Current.CancellationToken));
    }
}
