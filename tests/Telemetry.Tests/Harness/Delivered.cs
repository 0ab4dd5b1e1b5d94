using Webhooks.Tests.Shared;

namespace Webhooks.Telemetry.Tests.Harness;

/// <summary>An event on its whole way.</summary>
/// <param name="Message">Its id.</param>
/// <param name="Request">As the receiver got it.</param>
internal sealed record Delivered(string Application, string Endpoint, string Message, ReceivedRequest Request);
