using System.Text;
using CsCheck;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Tests.Storing;

public sealed class PackedAnswerTests
{
    // What every packed answer begins with.
    private static readonly byte[] s_mark = PackedAnswer.Pack(new byte[20_000])[..4];

    [Fact]
    public void Every_answer_comes_back_as_it_was() =>
        Gen.OneOf(
            Gen.Byte.Array[0, 2_000],
            Gen.Byte[0, 3].Array[0, 20_000],
            Gen.Byte.Array[0, 50].Select(static rest => s_mark.Concat(rest).ToArray()))
            .Sample(static answer => PackedAnswer.Unpack(PackedAnswer.Pack(answer)).AsSpan().SequenceEqual(answer), iter: 2_000);

    [Fact]
    public void A_short_answer_is_kept_as_it_came()
    {
        var answer = Encoding.UTF8.GetBytes("upstream timed out");
        Assert.Same(answer, PackedAnswer.Pack(answer));
    }

    [Fact]
    public void An_answer_that_does_not_shrink_is_kept_as_it_came()
    {
        var answer = new byte[20_000];
        new Random(1).NextBytes(answer);
        Assert.Same(answer, PackedAnswer.Pack(answer));
    }

    [Fact]
    public void What_only_begins_like_a_packed_answer_is_shown_as_it_lies()
    {
        byte[] stored = [.. s_mark, 0xFF, 0xFF, 0xFF];
        Assert.Equal(stored, PackedAnswer.Unpack(stored));
    }
}
