using System.Collections.ObjectModel;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption.ConfigurationModel;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Webhooks.Gateway.Api.Portal.Session;

/// <summary>
/// One key for cookies, derived from the secret of tokens: every gateway has it without being told, and it changes when the
/// tokens inside of those cookies end to be valid.
/// </summary>
internal sealed class DerivedKeys(string secret) : IXmlRepository
{
    private const string Purpose = "orleans-webhooks portal cookies 1";
    private const int KeyBytes = 64;
    private const string Since = "2020-01-01T00:00:00Z";
    private const string Until = "9999-01-01T00:00:00Z";

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        var material = HKDF.DeriveKey(HashAlgorithmName.SHA512, Encoding.UTF8.GetBytes(secret), KeyBytes + 16, info: Encoding.UTF8.GetBytes(Purpose));
        var key = new XElement(
            "key",
            new XAttribute("id", new Guid(material.AsSpan(KeyBytes))),
            new XAttribute("version", 1),
            new XElement("creationDate", Since),
            new XElement("activationDate", Since),
            new XElement("expirationDate", Until),
            new XElement(
                "descriptor",
                new XAttribute("deserializerType", typeof(AuthenticatedEncryptorDescriptorDeserializer).AssemblyQualifiedName!),
                new XElement(
                    "descriptor",
                    new XElement("encryption", new XAttribute("algorithm", "AES_256_CBC")),
                    new XElement("validation", new XAttribute("algorithm", "HMACSHA256")),
                    new XElement("masterKey", new XElement("value", Convert.ToBase64String(material, 0, KeyBytes))))));
        return new ReadOnlyCollection<XElement>([key]);
    }

    public void StoreElement(XElement element, string friendlyName) => throw new NotSupportedException("Keys are derived, not kept.");
}
