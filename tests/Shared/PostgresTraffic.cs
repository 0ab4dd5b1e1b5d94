using System.Text;

namespace Webhooks.Tests.Shared;

/// <summary>Follows one connection of PostgreSQL's protocol: which requests commit something, and where the answers to them begin and end.</summary>
/// <remarks>
/// A request here is all that one ReadyForQuery answers: the introduction, a simple query, or everything up to a Sync. It commits when it writes
/// outside a transaction, or ends a transaction that has written. Connections without TLS only; COPY counts as a read.
/// </remarks>
internal sealed class PostgresTraffic
{
    // A client that has more requests on their way, or more statements prepared, is not one of ours.
    private const int Limit = 10_000;

    private readonly Lock _lock = new();
    private readonly PostgresFrames _requests = new(typed: false);
    private readonly PostgresFrames _answers = new(typed: true);
    private readonly Dictionary<string, StatementKind> _prepared = new(StringComparer.Ordinal);
    private readonly Queue<bool> _doomed = new();
    private int _negotiating;
    private bool _inTransaction;
    private bool _written;
    private bool _commits;
    private bool _doomNext;
    private bool _failed;

    /// <summary>Looks at what the client sends, before the server gets it.</summary>
    /// <param name="mark">The place of a byte whose request is to lose its answer; -1 for none.</param>
    /// <param name="doom">Asked for each request that commits: whether it is to lose its answer.</param>
    public void Sent(ReadOnlySpan<byte> bytes, int mark, Func<bool> doom)
    {
        lock (_lock)
        {
            for (var at = 0; _requests.TryRead(bytes, ref at);)
            {
                if (!Ends())
                {
                    continue;
                }

                var marked = _doomNext || (mark >= 0 && at > mark);
                (mark, _doomNext) = marked ? (-1, false) : (mark, false);
                _doomed.Enqueue(marked || (_commits && doom()));
                _commits = false;
                ThrowIfTooMany(_doomed.Count);
            }

            _doomNext |= mark >= 0;
        }
    }

    /// <summary>Looks at what the server sends, before the client gets it.</summary>
    /// <param name="carry">How many bytes of it the client is to get.</param>
    /// <returns>Null; or that the answer that is to be lost is complete, and whether the request had succeeded.</returns>
    public bool? Answered(ReadOnlySpan<byte> bytes, out int carry)
    {
        lock (_lock)
        {
            var at = Math.Min(_negotiating, bytes.Length);
            _negotiating -= at;
            carry = Doomed ? 0 : bytes.Length;
            while (_answers.TryRead(bytes, ref at))
            {
                _failed |= _answers.Type == 'E' || (_answers.Type == 'C' && _answers.Body.StartsWith("ROLLBACK"u8));
                if (_answers.Type != 'Z')
                {
                    continue;
                }

                if (_doomed.TryDequeue(out var doomed) && doomed)
                {
                    return !_failed;
                }

                _failed = false;
                carry = Doomed ? Math.Min(carry, at) : bytes.Length;
            }

            return null;
        }
    }

    private bool Doomed => _doomed.TryPeek(out var doomed) && doomed;

    /// <summary>Takes in a message of the client; whether it ends a request.</summary>
    private bool Ends()
    {
        if (!_requests.Typed)
        {
            // Asking for TLS or GSS has no body but its number, and is answered by one byte.
            _requests.Typed = _requests.Body.Length > sizeof(int);
            _negotiating += _requests.Typed ? 0 : 1;
            return _requests.Typed;
        }

        switch (_requests.Type)
        {
            case 'P':
                _prepared[Text(0)] = StatementKinds.Of(Text(1));
                ThrowIfTooMany(_prepared.Count);
                return false;
            case 'B':
                Apply(_prepared.GetValueOrDefault(Text(1)));
                return false;
            case 'C' when _requests.Body is [(byte)'S', ..]:
                _prepared.Remove(Text(0)[1..]);
                return false;
            case 'Q':
                foreach (var statement in Text(0).Split(';', StringSplitOptions.RemoveEmptyEntries))
                {
                    Apply(StatementKinds.Of(statement));
                }

                return true;
            default:
                return _requests.Type == 'S';
        }
    }

    private void Apply(StatementKind kind)
    {
        switch (kind)
        {
            case StatementKind.Begins:
                _inTransaction = true;
                break;
            case StatementKind.Writes when _inTransaction:
                _written = true;
                break;
            case StatementKind.Writes:
                _commits = true;
                break;
            case StatementKind.Commits or StatementKind.RollsBack:
                _commits |= _written && kind == StatementKind.Commits;
                _inTransaction = _written = false;
                break;
        }
    }

    /// <summary>The text at a place among those at the beginning of the message, each of which ends with a zero.</summary>
    private string Text(int place)
    {
        var rest = _requests.Body;
        for (; place > 0 && rest.IndexOf((byte)0) is >= 0 and var end; place--)
        {
            rest = rest[(end + 1)..];
        }

        return Encoding.UTF8.GetString(rest.IndexOf((byte)0) is >= 0 and var length ? rest[..length] : rest);
    }

    private static void ThrowIfTooMany(int count)
    {
        if (count > Limit)
        {
            throw new InvalidDataException($"More than {Limit} requests or statements on one connection.");
        }
    }
}
