namespace Webhooks.Gateway.Api.Commands;

/// <summary>What the program can be told on its command line.</summary>
internal static class Help
{
    private const string Token = """
        token create [org_…]    prints a bearer token of an organization, and nothing else, on standard output

          org_…                 the organization: org_ and whatever you like; each is a world of its own.
                                Default: org_23rb8YdGqMT0qIzpgGwdXfHirMu

        The token is valid for ten years. It is signed with Webhooks__Auth__JwtSecret; a standalone gateway that has none
        makes and keeps one in its data directory (Webhooks__DataDirectory).
        """;

    private const string Key = """
        key generate            prints a new ed25519 key pair for signing: the secret half (whsk_…), which an endpoint is
                                created with or rotated to, and the public half (whpk_…), by which receivers verify
        """;

    private const string Demo = """
        demo                    starts everything with a receiver of its own on a free port, delivers three events, prints
                                what arrived, and exits with 0 when all of it did
        """;

    private const string General = """
        Orleans.Webhooks gateway

          (no command)            run the gateway; settings come from the environment, see the README
          token create [org_…]    print a token of an organization, valid for ten years
          key generate            print a new ed25519 key pair for signing
          demo                    start everything with a receiver, deliver three events, print what arrived

        <command> --help tells more. Options of the server, among others: --urls http://localhost:8071
        """;

    /// <summary>Prints the help of a command, or of the program.</summary>
    public static int Print(string command)
    {
        Console.WriteLine(command switch
        {
            "token" => Token,
            "key" => Key,
            "demo" => Demo,
            _ => General,
        });
        return 0;
    }
}
