using Xunit;

namespace Webhooks.Processes.Tests.Harness;

/// <summary>Tests beside which no others run: they say how soon something must have been answered.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
