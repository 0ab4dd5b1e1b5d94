using System.Text;
using Webhooks.Faults.Receiving;
using Xunit;

namespace Webhooks.Faults.Tests.Receiving;

public sealed class SignatureTests
{
    // The example of the Standard Webhooks specification.
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Timestamp = "1614265330";
    private const string Body = """{"test": 2432232314}""";
    private const string Header = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    [Fact]
    public void The_example_of_the_specification_holds() => Assert.True(Holds(Body, Header));

    [Fact]
    public void One_of_several_signatures_is_enough() => Assert.True(Holds(Body, "v1,AAAA " + Header));

    [Fact]
    public void Another_body_does_not_hold() => Assert.False(Holds(Body + " ", Header));

    [Theory]
    [InlineData("")]
    [InlineData("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OF=")]
    [InlineData("v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    public void Another_header_does_not_hold(string header) => Assert.False(Holds(Body, header));

    private static bool Holds(string body, string header) => Signature.Holds(Secret, Id, Timestamp, Encoding.UTF8.GetBytes(body), header);
}
