namespace Webhooks.Tests.Shared;

/// <summary>Where a connection breaks.</summary>
public enum CutPoint
{
    /// <summary>The server never sees the statement.</summary>
    BeforeTheServer = 0,

    /// <summary>The server has carried it out, and its answer is lost.</summary>
    AfterTheServer = 1,
}
