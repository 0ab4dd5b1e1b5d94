namespace Webhooks.Gateway.Api.Commands;

/// <summary>What the program can be told on its command line.</summary>
internal static class Help
{
    public static int Print()
    {
        Console.WriteLine("""
            Orleans.Webhooks gateway

              (no command)            run the gateway; settings come from the environment, see the README
              token create [org_…]    print a token of an organization, valid for ten years
              demo                    start everything with a receiver, deliver three events, print what arrived

            Options of the server, among others: --urls http://localhost:8071
            """);
        return 0;
    }
}
