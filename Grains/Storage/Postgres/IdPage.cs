using Npgsql;
using Webhooks.Grains.Interfaces;

namespace Webhooks.Grains.Storage.Postgres;

/// <summary>Where a page of a list sorted by one key starts, as parts of a query.</summary>
internal readonly struct IdPage
{
    private readonly PageRequest _page;
    private readonly object? _key;
    private readonly Walk _walk;

    private IdPage(PageRequest page, object? key)
    {
        _page = page;
        _key = key;
        _walk = Walk.Of(page, afterAlone: false);
    }

    public string Direction => _walk.RunsDown ? "DESC" : "ASC";

    public static bool TryParse(string prefix, PageRequest page, out IdPage start)
    {
        start = new IdPage(page, null);
        if (page.Iterator is null)
        {
            return true;
        }

        if (!EntityId.TryParse(prefix, page.Iterator, out var id))
        {
            return false;
        }

        start = new IdPage(page, id);
        return true;
    }

    public static IdPage ByName(PageRequest page) => new(page, page.Iterator);

    public string Where(string column, string parameter) => _key is null ? "" : $"AND {column} {(_walk.RunsDown ? "<" : ">")} {parameter}";

    public NpgsqlCommand Bind(NpgsqlCommand command) => _key switch
    {
        Guid id => command.With(id),
        string name => command.With(name),
        _ => command,
    };

    /// <summary>The page, in the list's order, out of one row more than it may have.</summary>
    public Page<T> Cut<T>(List<T> rows) => _walk.Cut(rows, _page.Limit);
}
