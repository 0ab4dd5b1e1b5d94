using Webhooks.Portal.Tests.Harness;

namespace Webhooks.Portal.Tests.Operator;

internal static class Operating
{
    /// <summary>A browser in which the customer's organization has signed in.</summary>
    public static async Task<Visitor> OperateAsync(this PortalFixture portal, Customer customer)
    {
        var visitor = await portal.NewVisitorAsync();
        await visitor.FollowAsync(new Uri(portal.Address, "/#key=" + customer.Token));
        return visitor;
    }
}
