namespace Webhooks.Grains.Hosting;

/// <summary>A setting that this process cannot start without; the message names it as an environment variable.</summary>
public sealed class MissingSettingException(string message) : Exception(message);
