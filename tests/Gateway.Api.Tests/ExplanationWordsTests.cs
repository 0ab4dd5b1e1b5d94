using Webhooks.Gateway.Api.Apis;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Gateway.Api.Tests;

/// <summary>What people are told where no test can easily bring it about.</summary>
public sealed class ExplanationWordsTests
{
    private static readonly EndpointDetails Endpoint = new()
    {
        Id = "ep_", ApplicationId = "app_", Ordinal = 1, Url = "https://example.com/", Secrets = [], CreatedAt = default, UpdatedAt = default,
    };

    [Theory]
    [InlineData("skipped", "an operator skipped it")]
    [InlineData("purged", "an operator emptied the endpoint's queue")]
    [InlineData("from_now", "resumed from that moment on")]
    [InlineData("expired", "it waited longer than messages may")]
    [InlineData("overflow", "more messages waited")]
    [InlineData("cancelled", "the recovery that was to send it again was cancelled")]
    [InlineData("of_a_newer_version", "of_a_newer_version")]
    public void Each_reason_of_a_dead_letter_has_words(string reason, string words) =>
        Assert.Contains(words, Words(new DeliveryExplanation { Standing = DeliveryStanding.DeadLetter, MatchesNow = true, DeadReason = reason }), StringComparison.Ordinal);

    [Fact]
    public void A_paused_endpoint_says_so()
    {
        var words = Words(new DeliveryExplanation { Standing = DeliveryStanding.Waiting, MatchesNow = true, Ahead = 0, AheadIsExact = true, Paused = true });
        Assert.Equal("It is next. An operator has paused the endpoint; what waits is sent once it is resumed.", words);
    }

    [Fact]
    public void A_count_that_was_not_ended_is_told_as_a_lower_bound()
    {
        var words = Words(new DeliveryExplanation { Standing = DeliveryStanding.Waiting, MatchesNow = true, Ahead = 10_000, AheadIsExact = false });
        Assert.Equal("It waits for its turn. At least 10,000 of the endpoint's messages are tried before it.", words);
    }

    private static string Words(DeliveryExplanation explanation) => ExplanationWords.Of(explanation, Endpoint);
}
