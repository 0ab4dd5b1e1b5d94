using System.Security.Cryptography;
using System.Text;
using CsCheck;
using NSec.Cryptography;
using Webhooks.Grains.Signing;
using Xunit;

namespace Webhooks.Grains.Tests.Signing;

public sealed class SigningKeysTests
{
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const long Timestamp = 1614265330;
    private const string Symmetric = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string SymmetricSignature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private const string Asymmetric = "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
    private const string AsymmetricSignature = "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==";
    private const string PublicKey = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";

    private static readonly byte[] s_body = Encoding.UTF8.GetBytes("""{"test": 2432232314}""");

    [Theory]
    [InlineData(Symmetric, SymmetricSignature)]
    [InlineData(Asymmetric, AsymmetricSignature)]
    public void The_contracts_vector_is_signed_as_it_says(string key, string signature) =>
        Assert.Equal(signature, SigningKeys.Parse(key).Sign(Id, Timestamp, s_body));

    [Fact]
    public void During_a_rotation_every_key_signs_the_current_one_first() =>
        Assert.Equal(
            $"{AsymmetricSignature} {SymmetricSignature}",
            SignatureList.Of([SigningKeys.Parse(Asymmetric), SigningKeys.Parse(Symmetric)], Id, Timestamp, s_body));

    [Fact]
    public void A_single_key_signs_alone() =>
        Assert.Equal(SymmetricSignature, SignatureList.Of([SigningKeys.Parse(Symmetric)], Id, Timestamp, s_body));

    [Fact]
    public void Bodies_of_any_size_and_bytes_are_signed_whole() =>
        Gen.Byte.Array[0, 5000].Sample(body =>
        {
            byte[] signed = [.. Encoding.UTF8.GetBytes($"{Id}.{Timestamp}."), .. body];
            var mac = HMACSHA256.HashData(Convert.FromBase64String(Symmetric[6..]), signed);
            var ofPair = Convert.FromBase64String(SigningKeys.Parse(Asymmetric).Sign(Id, Timestamp, body)[4..]);
            return SigningKeys.Parse(Symmetric).Sign(Id, Timestamp, body) == "v1," + Convert.ToBase64String(mac)
                && SignatureAlgorithm.Ed25519.Verify(
                    NSec.Cryptography.PublicKey.Import(SignatureAlgorithm.Ed25519, Convert.FromBase64String(PublicKey[5..]), KeyBlobFormat.RawPublicKey), signed, ofPair);
        }, iter: 300);

    [Fact]
    public void The_public_form_of_a_pair_is_its_public_half() => Assert.Equal(PublicKey, SigningKeys.PublicForm(Asymmetric));

    [Fact]
    public void The_public_form_of_a_shared_secret_is_itself() => Assert.Equal(Symmetric, SigningKeys.PublicForm(Symmetric));

    [Fact]
    public void A_generated_key_is_a_shared_secret_of_24_bytes_and_new_each_time()
    {
        var key = SigningKeys.Generate();

        Assert.StartsWith("whsec_", key, StringComparison.Ordinal);
        Assert.Equal(24, Convert.FromBase64String(key[6..]).Length);
        Assert.True(SigningKeys.TryParse(key, out _, out _));
        Assert.NotEqual(key, SigningKeys.Generate());
    }

    [Theory]
    [InlineData(23, false)]
    [InlineData(24, true)]
    [InlineData(75, true)]
    [InlineData(76, false)]
    public void A_shared_secret_holds_24_to_75_bytes(int length, bool isValid)
    {
        Assert.Equal(isValid, SigningKeys.TryParse("whsec_" + Convert.ToBase64String(new byte[length]), out _, out var reason));
        Assert.Equal(isValid ? null : $"A whsec_ key must hold 24 to 75 bytes, not {length}.", reason);
    }

    [Theory]
    [InlineData(null, "A signing key is missing.")]
    [InlineData("", "must start with whsec_ or whsk_")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "must start with whsec_ or whsk_")]
    [InlineData("WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "must start with whsec_ or whsk_")]
    [InlineData(PublicKey, "is public and cannot sign")]
    [InlineData("whsec_", "24 to 75 bytes, not 0")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS", "base 64 with padding")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa w", "base 64 with padding")]
    [InlineData("whsec_ MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "base 64 with padding")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", "base 64 with padding")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r==", "base 64 with padding")]
    [InlineData("whsec_-_KQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "base 64 with padding")]
    [InlineData("whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "must hold 64 bytes (seed, then public key), not 24")]
    [InlineData("whsk_????", "base 64 with padding")]
    public void A_faulty_key_is_refused_with_its_reason(string? key, string reason)
    {
        Assert.False(SigningKeys.TryParse(key, out _, out var said));
        Assert.Contains(reason, said, StringComparison.Ordinal);
        if (key is not null)
        {
            Assert.Equal(said, Assert.Throws<FormatException>(() => SigningKeys.Parse(key)).Message);
        }
    }

    [Fact]
    public void A_pair_whose_halves_do_not_belong_together_is_refused()
    {
        var pair = Convert.FromBase64String(Asymmetric[5..]);
        pair[63] ^= 1;

        Assert.False(SigningKeys.TryParse("whsk_" + Convert.ToBase64String(pair), out _, out var reason));
        Assert.Contains("does not belong to its seed", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reason_never_repeats_the_key()
    {
        Assert.False(SigningKeys.TryParse("whsec_c2VjcmV0", out _, out var reason));
        Assert.DoesNotContain("c2VjcmV0", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Signing_a_small_body_allocates_no_more_than_the_signature()
    {
        var key = SigningKeys.Parse(Symmetric);
        key.Sign(Id, Timestamp, s_body);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            key.Sign(Id, Timestamp, s_body);
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 100, 0, 200);
    }
}
