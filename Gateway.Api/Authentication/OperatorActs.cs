using System.Globalization;
using System.Text;
using Webhooks.Gateway.Api.Http;
using Webhooks.Gateway.Api.Idempotency;
using Webhooks.Grains.Interfaces.Applications;

namespace Webhooks.Gateway.Api.Authentication;

/// <summary>Who calls, as the audit log shows it.</summary>
internal static class OperatorActs
{
    /// <summary>The header in which a caller may say who it acts for.</summary>
    public const string Header = "x-actor";

    public const int MaxNameLength = 128;
    public const int MaxNoteLength = 256;

    /// <summary>The act of this call. Made once per call, before anything is changed.</summary>
    /// <exception cref="InputException">The name in the header breaks its rule.</exception>
    public static OperatorAct Act(this HttpContext http, TimeProvider time, string? note = null)
    {
        var caller = http.Caller();
        return new OperatorAct(
            http.CallId(time),
            caller.Application is { } application ? "application " + application : "organization " + caller.Organization,
            Name(http.Request),
            note);
    }

    /// <summary>The field <c>note</c>.</summary>
    public static string? Note(this Input input)
    {
        var note = input.Optional("note", (v, n) => (string?)input.Text(v, n)).Value;
        if (note?.Length > MaxNoteLength)
        {
            input.Refuse($"Must not exceed {MaxNoteLength} characters.", "note");
        }
        else if (note is not null && !IsPrintable(note))
        {
            input.Refuse("Must not hold control characters.", "note");
        }

        return note;
    }

    private static string? Name(HttpRequest request)
    {
        var name = request.Headers[Header].ToString();
        if (name.Length == 0)
        {
            return null;
        }

        return name.Length <= MaxNameLength && IsPrintable(name)
            ? name
            : throw new InputException(new InputFault(["header", Header], $"Must be 1 to {MaxNameLength} printable characters.", InputFault.Rule));
    }

    private static bool IsPrintable(string text) => text.EnumerateRunes().All(static rune => rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned));
}
