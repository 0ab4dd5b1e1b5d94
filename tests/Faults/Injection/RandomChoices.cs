namespace Webhooks.Faults.Injection;

/// <summary>Choices of faults.</summary>
internal static class RandomChoices
{
    public static T Pick<T>(this Random random, IReadOnlyList<T> from) => from[random.Next(from.Count)];

    /// <summary>A time between two, in seconds.</summary>
    public static TimeSpan Seconds(this Random random, double least, double most) => TimeSpan.FromSeconds(least + (random.NextDouble() * (most - least)));
}
