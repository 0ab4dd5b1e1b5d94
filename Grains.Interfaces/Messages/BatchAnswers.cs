namespace Webhooks.Grains.Interfaces.Messages;

/// <summary>Answers to a batch, in its order.</summary>
/// <param name="Items">One per message.</param>
[GenerateSerializer, Immutable, Alias("webhooks.BatchAnswers")]
public sealed record BatchAnswers([property: Id(0)] IReadOnlyList<Answer<MessageDetails>> Items);

/// <summary>What would become of a message that has not been published.</summary>
/// <param name="Active">Whether somebody would receive it.</param>
[GenerateSerializer, Immutable, Alias("webhooks.DeliveryForecast")]
public sealed record DeliveryForecast([property: Id(0)] bool Active);
