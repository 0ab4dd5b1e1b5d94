using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Interfaces.Messages;
using Webhooks.Grains.Telemetry;

namespace Webhooks.Grains.Applications;

/// <summary>Publishing, and what may be asked about and taken back of messages.</summary>
internal sealed partial class ApplicationGrain
{
    private static readonly byte[] Expunged = "EXPUNGED"u8.ToArray();

    public async Task<Answer<MessageDetails>> Publish(ApplicationAddress address, PublishMessage message)
    {
        if (!Answers(address))
        {
            return NoApplication();
        }

        if (_released)
        {
            throw new StoreUnavailableException("The application is moving to another silo.");
        }

        return message.DeliverAt > clock.GetUtcNow() ? await ScheduleAsync(message) : await EnterAsync(1, message.Payload.Length, () => _sequencer!.PublishAsync(message));
    }

    private async Task<Answer<MessageDetails>> ScheduleAsync(PublishMessage message)
    {
        _scheduling++;
        try
        {
            await KeepReminderAsync(message.DeliverAt!.Value);
            var answer = await EnterAsync(1, message.Payload.Length, () => _sequencer!.PublishAsync(message));
            if (answer.Value?.DeliverAt is { } at)
            {
                PlanSchedule(at);
            }

            return answer;
        }
        finally
        {
            _scheduling--;
        }
    }

    /// <summary>Within what may wait for a commit in this silo.</summary>
    private async Task<Answer<T>> EnterAsync<T>(int messages, int bytes, Func<Task<Answer<T>>> publish)
        where T : class
    {
        if (store.IsOut)
        {
            metrics.Refused(WebhookMetrics.StoreUnavailable, messages);
            throw new StoreUnavailableException("The store does not answer; the message was not stored.") { StoreIsOut = true };
        }

        if (!budget.TryEnter(bytes))
        {
            metrics.Refused(WebhookMetrics.Overloaded, messages);
            return Refusals.Overloaded;
        }

        try
        {
            return await publish();
        }
        catch (StoreUnavailableException)
        {
            metrics.Refused(WebhookMetrics.StoreUnavailable, messages);
            throw;
        }
        finally
        {
            budget.Leave(bytes);
        }
    }

    public async Task<Answer<BatchAnswers>> PublishBatch(ApplicationAddress address, IReadOnlyList<PublishMessage> messages)
    {
        if (!Answers(address))
        {
            return NoApplication();
        }

        if (_released)
        {
            throw new StoreUnavailableException("The application is moving to another silo.");
        }

        // Weighed as one: it is committed as one.
        return await EnterAsync<BatchAnswers>(messages.Count, messages.Sum(static m => m.Payload.Length), async () => new BatchAnswers(await _sequencer!.PublishTogetherAsync(messages)));
    }

    public Task<Answer<DeliveryForecast>> WouldDeliver(ApplicationAddress address, string eventType, IReadOnlyList<string>? channels) =>
        Task.FromResult<Answer<DeliveryForecast>>(Answers(address) ? new DeliveryForecast(_sequencer!.WouldDeliver(eventType, channels)) : NoApplication());

    public async Task<Answer<Done>> ExpungeMessage(ApplicationAddress address, string message)
    {
        if (!Answers(address))
        {
            return NoApplication();
        }

        return await log.ExpungePayloadAsync(_id, message, CancellationToken.None) ? Done.Instance : Refusals.NotFound;
    }

    public async Task<Answer<Done>> ExpungeAttempt(ApplicationAddress address, string message, string attempt)
    {
        if (!Answers(address))
        {
            return NoApplication();
        }

        return EntityId.TryParse(EntityId.Attempt, attempt, out var id) && await cursors.ExpungeAttemptAsync(_id, message, id, Expunged, CancellationToken.None)
            ? Done.Instance
            : Refusals.NotFound;
    }
}
