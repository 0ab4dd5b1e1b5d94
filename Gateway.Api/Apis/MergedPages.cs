using Webhooks.Grains.Interfaces;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>One page of two lists that share a key and a direction.</summary>
internal static class MergedPages
{
    /// <summary>The page that the lists together have at the request's place, out of the page that each has there.</summary>
    public static Page<T> Of<T>(Page<T> one, Page<T> other, PageRequest page, Func<T, string> key)
    {
        var all = one.Items.Concat(other.Items);
        List<T> items = [.. page.Descending ? all.OrderByDescending(key, StringComparer.Ordinal) : all.OrderBy(key, StringComparer.Ordinal)];
        var excess = items.Count - page.Limit;
        if (excess > 0)
        {
            // What lies next to the iterator stays.
            items.RemoveRange(page.Backwards ? 0 : page.Limit, excess);
        }

        return new Page<T>(items, excess > 0 || one.HasMore || other.HasMore);
    }
}
