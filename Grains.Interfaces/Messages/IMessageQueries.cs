namespace Webhooks.Grains.Interfaces.Messages;

/// <summary>Reads of messages. A stateless worker: key 0.</summary>
[Alias("webhooks.IMessageQueries")]
public interface IMessageQueries : IGrainWithIntegerKey
{
    /// <summary>The message with this id or event id in the application (text id).</summary>
    [Alias("Find")]
    Task<MessageDetails?> Find(string application, string idOrEventId, bool withContent);

    /// <summary>A page of the application's messages by place in the log.</summary>
    [Alias("List")]
    Task<Page<MessageDetails>> List(string application, MessageFilter filter, PageRequest page);
}
