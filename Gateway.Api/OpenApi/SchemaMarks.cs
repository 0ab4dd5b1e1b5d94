using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Webhooks.Gateway.Api.OpenApi.Schemas;

namespace Webhooks.Gateway.Api.OpenApi;

/// <summary>Carries over to schemas what the framework does not read from a member's attributes.</summary>
internal sealed class SchemaMarks : IOpenApiSchemaTransformer
{
    /// <summary>Marks what is not of the contract.</summary>
    public const string Ours = "x-ours";

    private const string Name = @"^[a-zA-Z0-9\-_.]+$";
    private const string NameOrPattern = @"^[a-zA-Z0-9\-_.]+(\.\*)?$";
    private const int MaxNameLength = 256;

    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonPropertyInfo is not { AttributeProvider: { } member })
        {
            if (context.JsonTypeInfo.Type.GetCustomAttribute<OursAttribute>() is not null)
            {
                schema.AddExtension(Ours, new JsonNodeExtension(true));
            }

            return Task.CompletedTask;
        }

        if (Has<OursAttribute>(member))
        {
            schema.AddExtension(Ours, new JsonNodeExtension(true));
        }

        if (Has<OldNameAttribute>(member))
        {
            schema.Deprecated = true;
        }

        if (Find<NameRuleAttribute>(member) is { } rule)
        {
            var list = schema.Items as OpenApiSchema;
            schema.UniqueItems = list is null ? null : true;
            var name = list ?? schema;
            (name.Pattern, name.MinLength, name.MaxLength) = (rule.MayBePattern ? NameOrPattern : Name, 1, MaxNameLength);
        }

        if (Has<NullableValuesAttribute>(member) && schema.AdditionalProperties is OpenApiSchema value)
        {
            value.Type |= JsonSchemaType.Null;
        }

        if (Find<AllowedValuesAttribute>(member) is { } allowed)
        {
            schema.Enum = [.. allowed.Values.Select(static v => JsonSerializer.SerializeToNode(v)!)];
        }

        return Task.CompletedTask;
    }

    private static bool Has<T>(ICustomAttributeProvider member)
        where T : Attribute => member.IsDefined(typeof(T), inherit: false);

    private static T? Find<T>(ICustomAttributeProvider member)
        where T : Attribute => member.GetCustomAttributes(typeof(T), inherit: false).OfType<T>().FirstOrDefault();
}
