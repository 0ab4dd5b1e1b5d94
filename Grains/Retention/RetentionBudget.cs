namespace Webhooks.Grains.Retention;

/// <summary>Statements that one run may still make; what is left over then waits for the next run.</summary>
internal sealed class RetentionBudget(int statements)
{
    private int _left = statements;

    /// <summary>Whether none is left.</summary>
    public bool IsSpent => _left <= 0;

    /// <summary>False when none is left.</summary>
    public bool Spend() => _left-- > 0;

    /// <summary>Repeats a removal until it finds less than <paramref name="atOnce"/>; how many it removed, and whether it came to its end.</summary>
    public async Task<(long Removed, bool AtEnd)> RepeatAsync(int atOnce, Func<Task<int>> remove)
    {
        long removed = 0;
        while (Spend())
        {
            var now = await remove();
            removed += now;
            if (now < atOnce)
            {
                return (removed, true);
            }
        }

        return (removed, false);
    }
}
