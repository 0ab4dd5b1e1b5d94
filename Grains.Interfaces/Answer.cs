namespace Webhooks.Grains.Interfaces;

/// <summary>Why a grain did not do what it was asked for. A refused call has changed nothing.</summary>
public enum RefusalKind
{
    /// <summary>The application, endpoint, message, attempt or event type is not there, or belongs to somebody else.</summary>
    NotFound = 0,

    /// <summary>A uid, event id or name is taken.</summary>
    Conflict = 1,

    /// <summary>The input breaks a rule that only the grain can check.</summary>
    Invalid = 2,

    /// <summary>Too much is waiting for the store; the same call may succeed in a moment.</summary>
    Overloaded = 3,

    /// <summary>The store refused the content of this very item.</summary>
    Unstorable = 4,
}

/// <summary>A refusal in the words of the API.</summary>
/// <param name="Kind">The class of the refusal.</param>
/// <param name="Code">The error code of the contract, for example <c>not_found</c>.</param>
/// <param name="Detail">A sentence for people.</param>
/// <param name="Field">The input field at fault, in wire spelling, when there is one.</param>
[GenerateSerializer, Immutable, Alias("webhooks.Refusal")]
public sealed record Refusal(
    [property: Id(0)] RefusalKind Kind,
    [property: Id(1)] string Code,
    [property: Id(2)] string Detail,
    [property: Id(3)] string? Field = null);

/// <summary>What a grain answers: a value, or a refusal; never both.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="Value">The value, when <paramref name="Refusal"/> is null.</param>
/// <param name="Refusal">Why there is no value.</param>
[GenerateSerializer, Immutable, Alias("webhooks.Answer`1")]
public sealed record Answer<T>([property: Id(0)] T? Value, [property: Id(1)] Refusal? Refusal)
    where T : class
{
    /// <summary>An answer that carries a value.</summary>
    public static implicit operator Answer<T>(T value) => new(value, null);

    /// <summary>An answer that carries a refusal.</summary>
    public static implicit operator Answer<T>(Refusal refusal) => new(null, refusal);
}

/// <summary>The value of an answer that has nothing to say but yes.</summary>
[GenerateSerializer, Immutable, Alias("webhooks.Done")]
public sealed record Done
{
    /// <summary>The only instance needed.</summary>
    public static Done Instance { get; } = new();
}

/// <summary>A field of a change: absent leaves the stored value alone, present replaces it (also by null).</summary>
/// <typeparam name="T">The type of the field.</typeparam>
/// <param name="IsSet">Whether the field was given.</param>
/// <param name="Value">The new value.</param>
[GenerateSerializer, Immutable, Alias("webhooks.Change`1")]
public readonly record struct Change<T>([property: Id(0)] bool IsSet, [property: Id(1)] T? Value)
{
    /// <summary>A field that was given.</summary>
    public static Change<T> To(T? value) => new(true, value);

    /// <summary>The value after the change.</summary>
    public T? Over(T? stored) => IsSet ? Value : stored;
}

/// <summary>One page of a list.</summary>
/// <typeparam name="T">The type of an item.</typeparam>
/// <param name="Items">The items in the order of the list, also when the page was reached backwards.</param>
/// <param name="HasMore">Whether items lie beyond this page in the direction travelled.</param>
[GenerateSerializer, Immutable, Alias("webhooks.Page`1")]
public sealed record Page<T>([property: Id(0)] IReadOnlyList<T> Items, [property: Id(1)] bool HasMore);

/// <summary>Where a page starts and how long it is.</summary>
/// <param name="Limit">Items at most, 0 to 250.</param>
/// <param name="Iterator">Id (or name) of the item next to the page, null for the list's start.</param>
/// <param name="Backwards">Whether the page lies before the iterator.</param>
/// <param name="Descending">Whether the list runs from the newest to the oldest.</param>
[GenerateSerializer, Immutable, Alias("webhooks.PageRequest")]
public sealed record PageRequest(
    [property: Id(0)] int Limit,
    [property: Id(1)] string? Iterator = null,
    [property: Id(2)] bool Backwards = false,
    [property: Id(3)] bool Descending = false);

/// <summary>The store gave no answer; whether the change was made is unknown. The same call, repeated, is safe.</summary>
[GenerateSerializer, Alias("webhooks.StoreUnavailable")]
public sealed class StoreUnavailableException : Exception
{
    /// <summary>Whether it is the store itself that gave no answer; else a grain that is about to move or to start again.</summary>
    [Id(0)]
    public bool StoreIsOut { get; init; }

    /// <summary>An exception with a default text.</summary>
    public StoreUnavailableException()
        : base("The store did not answer.")
    {
    }

    /// <summary>An exception with a text of its own.</summary>
    public StoreUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a text and the fault beneath it, which stays on this silo.</summary>
    public StoreUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
