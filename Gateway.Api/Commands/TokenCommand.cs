using Webhooks.Gateway.Api.Authentication;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Interfaces;

namespace Webhooks.Gateway.Api.Commands;

/// <summary><c>token create [org_…]</c>: prints a token, and nothing else, on standard output.</summary>
internal static class TokenCommand
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3650);

    public static int Run(string[] args)
    {
        if (args is not ["create"] and not ["create", _])
        {
            Console.Error.WriteLine("Usage: token create [org_…]");
            return 2;
        }

        var organization = args.Length > 1 ? args[1] : Tokens.DefaultOrganization;
        if (!organization.StartsWith(EntityId.Organization, StringComparison.Ordinal) || organization.Length == EntityId.Organization.Length || !Rules.IsName(organization))
        {
            Console.Error.WriteLine($"An organization's id is {EntityId.Organization} and then letters, digits, - _ or dots; 256 characters at most.");
            return 2;
        }

        // The very sources that the server reads.
        var configuration = WebApplication.CreateBuilder().Configuration;
        var tokens = new Tokens(TokenSecret.Find(configuration), TimeProvider.System);
        Console.WriteLine(tokens.Issue(organization, Lifetime));
        return 0;
    }
}
