using Webhooks.Grains.Signing;

namespace Webhooks.Gateway.Api.Commands;

/// <summary><c>key generate</c>: prints a new ed25519 key pair.</summary>
internal static class KeyCommand
{
    public static int Run(string[] args)
    {
        if (args is not ["generate"])
        {
            Console.Error.WriteLine("Usage: key generate");
            return 2;
        }

        var secret = PublicKeys.GeneratePair();
        Console.WriteLine("Secret key: " + secret);
        Console.WriteLine("Public key: " + PublicKeys.Of(secret));
        return 0;
    }
}
