namespace Webhooks.Gateway.Api.Portal.Calls;

/// <summary>
/// What a page was first rendered with, handed to its circuit: that draws the same again without asking, so that nothing on
/// the screen moves.
/// </summary>
internal sealed class FirstAnswers
{
    // As long as they are inside of JSON; packed twice more they stay below what a circuit takes for its beginning.
    private const int MostCharacters = 200_000;
    private const int Escaped = 6;

    private int _characters;

    /// <summary>Answers by address, each used once.</summary>
    [Microsoft.AspNetCore.Components.PersistentState]
    public Dictionary<string, FirstAnswer>? Kept { get; set; }

    public bool TryTake(string target, out FirstAnswer answer)
    {
        answer = null!;
        return Kept is not null && Kept.Remove(target, out answer!);
    }

    public void Keep(string target, FirstAnswer answer)
    {
        Kept ??= [];
        _characters += answer.Body.Sum(static c => char.IsAsciiLetterOrDigit(c) ? 1 : Escaped);
        if (_characters <= MostCharacters)
        {
            Kept[target] = answer;
        }
    }
}

/// <summary>An answer as text.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Body">Its JSON.</param>
public sealed record FirstAnswer(int Status, string Body);
