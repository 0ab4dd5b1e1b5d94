namespace Webhooks.Storage.Tests.Compliance;

/// <summary>Idempotency keys: one reservation, one answer.</summary>
public abstract class AnswerCompliance(StoreFixture fixture)
{
    private StoreSet Store => fixture.Store;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_reservation_stands_and_its_answer_is_kept()
    {
        var (token, first) = (Guid.NewGuid(), Guid.NewGuid());
        var made = await Store.Answers.ReserveAsync(token, first, Given.Now, Given.Now.AddHours(-12), Cancel);
        Assert.True(made.IsNew);
        Assert.Null(made.Status);

        var second = await Store.Answers.ReserveAsync(token, Guid.NewGuid(), Given.Now.AddSeconds(1), Given.Now.AddHours(-12), Cancel);
        Assert.False(second.IsNew);
        Assert.Equal((first, Given.Now), (second.Reserved, second.CreatedAt));

        await Store.Answers.CompleteAsync(token, 201, "{}"u8.ToArray(), Cancel);
        await Store.Answers.CompleteAsync(token, 200, "[]"u8.ToArray(), Cancel);
        var third = await Store.Answers.ReserveAsync(token, Guid.NewGuid(), Given.Now.AddSeconds(2), Given.Now.AddHours(-12), Cancel);
        Assert.Equal((first, 201, "{}"), (third.Reserved, third.Status, System.Text.Encoding.UTF8.GetString(third.Body!)));
    }

    [Fact]
    public async Task A_key_is_free_again_after_its_time()
    {
        var (token, later) = (Guid.NewGuid(), Guid.NewGuid());
        await Store.Answers.ReserveAsync(token, Guid.NewGuid(), Given.Now, Given.Now.AddHours(-12), Cancel);
        await Store.Answers.CompleteAsync(token, 201, "{}"u8.ToArray(), Cancel);

        var row = await Store.Answers.ReserveAsync(token, later, Given.Now.AddHours(13), Given.Now.AddHours(1), Cancel);

        Assert.True(row.IsNew);
        Assert.Equal((later, null), (row.Reserved, row.Status));
    }

    [Fact]
    public async Task Two_hundred_reservations_at_once_agree_on_one()
    {
        var token = Guid.NewGuid();
        var rows = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Store.Answers.ReserveAsync(token, Guid.NewGuid(), Given.Now, Given.Now.AddHours(-12), Cancel)));

        Assert.Single(rows, static r => r.IsNew);
        Assert.Single(rows.Select(static r => r.Reserved).Distinct());
    }

    [Fact]
    public async Task Old_answers_are_removed_a_bounded_number_at_a_time()
    {
        var old = Given.Now.AddYears(-5);
        for (var i = 0; i < 3; i++)
        {
            await Store.Answers.ReserveAsync(Guid.NewGuid(), Guid.NewGuid(), old, old.AddHours(-12), Cancel);
        }

        Assert.Equal(2, await Store.Answers.RemoveAsync(old.AddDays(1), 2, Cancel));
        Assert.Equal(1, await Store.Answers.RemoveAsync(old.AddDays(1), 2, Cancel));
        Assert.Equal(0, await Store.Answers.RemoveAsync(old.AddDays(1), 2, Cancel));
    }
}
