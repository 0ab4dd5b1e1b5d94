namespace Webhooks.Gateway.Api.OpenApi.Schemas;

/// <summary>Not of the contract: a field or type of this server.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class)]
internal sealed class OursAttribute : Attribute;

/// <summary>Kept for old clients.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OldNameAttribute : Attribute;

/// <summary>A name, or a list of different names: letters, digits and <c>- _ .</c>, 1 to 256.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NameRuleAttribute : Attribute
{
    /// <summary>Whether <c>.*</c> may stand behind a name.</summary>
    public bool MayBePattern { get; init; }
}

/// <summary>A map whose values may be null, which its type cannot say.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NullableValuesAttribute : Attribute;
