using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Applications;

/// <summary>When a commit was not plainly made: finding out what became of it, and why.</summary>
internal sealed partial class Sequencer
{
    /// <summary>True: the commit of unknown outcome was made. Null: it was not, and the store said so.</summary>
    private async Task<bool?> SettleAsync(List<PendingPublish> batch, Func<Task<bool>> isWritten)
    {
        var pause = TimeSpan.FromMilliseconds(50);
        while (true)
        {
            try
            {
                return await isWritten() ? true : null;
            }
            catch (StoreUnavailableException)
            {
                // Nothing of this application may be written before the outcome is known: keep asking.
                store.Suspect();
                AnswerOutage(batch);
                await Task.Delay(pause);
                AnswerOutage(batch);
                pause = TimeSpan.FromMilliseconds(Math.Min(pause.TotalMilliseconds * 2, 1000));
            }
        }
    }

    /// <summary>In an outage nobody is kept waiting: neither those whose commit may have been made, nor those behind them.</summary>
    private void AnswerOutage(List<PendingPublish> batch)
    {
        if (!store.IsOut)
        {
            return;
        }

        foreach (var pending in batch)
        {
            pending.Fail(new StoreUnavailableException("The store does not answer; the message may have been stored.") { StoreIsOut = true });
        }

        foreach (var pending in _pending)
        {
            _byToken.Remove(pending.Message.Token);
            pending.Fail(new StoreUnavailableException("The store does not answer; the message was not stored.") { StoreIsOut = true });
        }

        _pending.Clear();
    }

    private async Task<bool> IsAppendedAsync(List<PendingPublish> batch, long tail)
    {
        var head = await log.ReadHeadAsync(application, CancellationToken.None);
        if (head is null || head.Tail < tail + batch.Count)
        {
            return false;
        }

        var ids = await log.ReadIdsAsync(application, tail + 1, tail + batch.Count, CancellationToken.None);
        return ids.Select(static i => i.Id).SequenceEqual(batch.Select(static p => p.Id));
    }

    private async Task<bool> IsScheduledAsync(List<PendingPublish> batch) =>
        (await log.FindScheduledAsync(application, [.. batch.Select(static p => p.Id)], CancellationToken.None)).Count == batch.Count;

    /// <summary>Finds out why a head did not move, answers what is answered already, and returns what is still to be written.</summary>
    private async Task<List<PendingPublish>> LearnAsync(List<PendingPublish> batch, bool refused)
    {
        var head = await log.ReadHeadAsync(application, CancellationToken.None);
        if (head is null || head.Deleted)
        {
            _deleted = true;
            return batch;
        }

        if (head.Tail < Tail)
        {
            // Acknowledged messages are gone from the store: a failover lost commits. No cursor may stand beyond the log.
            var clamped = await log.ClampCursorsAsync(application, head.Tail, CancellationToken.None);
            Log.CommitsLost(logger, Name, Tail, head.Tail, clamped);
            CommitsLost();
        }

        var overtaken = head.Tail > Tail;
        Superseded |= overtaken && head.Owner != owner;
        Tail = head.Tail;
        if (head.RoutingVersion != _routingVersion && await log.ReadRoutingAsync(application, CancellationToken.None) is { } snapshot)
        {
            Reload(snapshot);
            Rerouted(snapshot);
        }

        if (overtaken)
        {
            // A stretch told after this would otherwise run from before the other's entries to behind them, as if it held none.
            Overtaken(Tail);
        }

        var remaining = await AnswerRepeatsAsync(batch);
        var expired = remaining.FindAll(p => !refused && clock.GetElapsedTime(p.Enqueued) > GiveUpAfter);
        foreach (var pending in expired)
        {
            pending.Fail(new StoreUnavailableException("The store did not answer in time; the message was not stored."));
        }

        return expired.Count == 0 ? remaining : remaining.FindAll(p => !expired.Contains(p));
    }

    private async Task<List<PendingPublish>> AnswerRepeatsAsync(List<PendingPublish> batch)
    {
        var tokens = batch.Select(static p => p.Message.Token).ToList();
        var eventIds = batch.Where(static p => p.Message.EventId is not null).Select(static p => p.Message.EventId!).ToList();
        var found = await log.FindRepeatsAsync(application, tokens, eventIds, clock.GetUtcNow() - tokenWindow, CancellationToken.None);
        var moving = batch.Where(static p => p.Scheduled is not null).Select(static p => p.Id).ToList();
        var waiting = moving.Count == 0 ? [] : await log.FindScheduledAsync(application, moving, CancellationToken.None);
        if (found.Count == 0 && moving.Count == waiting.Count)
        {
            return batch;
        }

        var remaining = new List<PendingPublish>(batch.Count);
        foreach (var pending in batch)
        {
            // A scheduled message finds itself in the schedule: that is no repeat.
            var others = pending.Scheduled is null ? found : found.Where(static m => m.Seq > 0);
            if (others.FirstOrDefault(m => m.Token == pending.Message.Token) is { } first)
            {
                var payload = first.Seq == 0 ? first.Payload : (await log.ReadMessageAsync(application, first.Seq, CancellationToken.None))?.Payload;
                pending.Accept(StoredMessages.ToDetails(first with { Payload = payload, PayloadGone = payload is null }, clock.GetUtcNow()));
            }
            else if (pending.Message.EventId is { } eventId && others.Any(m => m.EventId == eventId))
            {
                pending.Refuse(Refusals.EventIdTaken);
            }
            else if (pending.Scheduled is not null && !waiting.Contains(pending.Id))
            {
                pending.Refuse(Refusals.NotFound);
            }
            else
            {
                remaining.Add(pending);
            }
        }

        return remaining;
    }
}
