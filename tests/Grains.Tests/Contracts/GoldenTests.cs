using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Tests.Contracts;

/// <summary>
/// Silos of two versions run side by side while a cluster is upgraded, and rows outlive every version: what is written
/// today must read as it did when its golden file was made. A changed file is a change of the wire.
/// </summary>
public sealed class GoldenTests
{
    // Set to the folder of the golden files to write those that are missing.
    private const string WriteTo = "WEBHOOKS_GOLDEN_FILES";

    private static readonly Serializer Serializer = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();

    public static TheoryData<string> Names { get; } = [.. GoldenRecords.All.Keys];

    public static TheoryData<string> FormerNames { get; } = [.. GoldenRecords.Former.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_record_is_written_and_read_as_its_golden_file_says(string name)
    {
        var record = GoldenRecords.All[name];
        var written = Serializer.SerializeToArray(record);
        var golden = Convert.FromBase64String(Golden(name + ".base64", Convert.ToBase64String(written)));

        Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(written));
        Assert.Equivalent(record, Serializer.Deserialize<object>(golden), strict: true);
    }

    [Theory]
    [MemberData(nameof(FormerNames))]
    public void What_a_former_version_wrote_is_read_with_defaults_for_what_it_did_not_know(string name) =>
        Assert.Equivalent(GoldenRecords.Former[name], Serializer.Deserialize<object>(Convert.FromBase64String(Golden(name + ".base64", ""))), strict: true);

    [Fact]
    public void Every_record_has_a_golden_file()
    {
        var records = typeof(PageRequest).Assembly.GetExportedTypes()
            .Where(static t => t.GetCustomAttribute<GenerateSerializerAttribute>() is not null && !typeof(Exception).IsAssignableFrom(t))
            .Select(static t => t.Name.Split('`')[0]);
        // These stand inside of others.
        string[] inner = ["Change", "EndpointSecret", "Refusal", "LogMessage", "RecoverFilter", "AttemptSeriesPart", "AttemptNotice", "RecoveryNotice", "WaitingEndpoint"];
        Assert.Empty(records.Except(inner).Except(GoldenRecords.All.Keys.Select(static k => k.Split('.')[0])));
    }

    [Fact]
    public void No_record_prints_what_is_secret()
    {
        // Keys, URLs and answers: what a log line would be if somebody wrote the record into it.
        string[] secrets = ["whsec_", "receiver.example", "busy"];
        var records = GoldenRecords.All.Values.Append(GoldenRecords.Endpoint.Secrets[0]);
        Assert.All(records, record => Assert.DoesNotContain(secrets, secret => record.ToString()!.Contains(secret, StringComparison.Ordinal)));
    }

    [Fact]
    public void Rows_of_configuration_are_written_and_read_as_their_golden_files_say()
    {
        var endpoint = EndpointJson.Write(GoldenRecords.Endpoint);
        Assert.Equal(Golden("endpoint-row.json", endpoint), endpoint);
        Assert.Equivalent(GoldenRecords.Endpoint, EndpointJson.Read(Golden("endpoint-row.json", endpoint)), strict: true);

        Assert.Equivalent(GoldenRecords.Former["EndpointDetails.1"], EndpointJson.Read(Golden("endpoint-row.1.json", "")), strict: true);

        var eventType = EndpointJson.Write(GoldenRecords.EventType);
        Assert.Equal(Golden("event-type-row.json", eventType), eventType);
        Assert.Equivalent(GoldenRecords.EventType, EndpointJson.ReadEventType(Golden("event-type-row.json", eventType)), strict: true);
    }

    [Fact]
    public void A_row_with_a_member_of_a_later_version_is_read()
    {
        var row = EndpointJson.Write(GoldenRecords.Endpoint);
        Assert.Equivalent(GoldenRecords.Endpoint, EndpointJson.Read("{\"ofALaterVersion\":[1]," + row[1..]), strict: true);
    }

    private static string Golden(string file, string whenMissing)
    {
        if (Environment.GetEnvironmentVariable(WriteTo) is { Length: > 0 } folder && !File.Exists(Path.Combine(folder, file)))
        {
            File.WriteAllText(Path.Combine(folder, file), whenMissing + "\n");
            return whenMissing;
        }

        using var stream = typeof(GoldenTests).Assembly.GetManifestResourceStream("Golden." + file)
            ?? throw new InvalidOperationException($"There is no golden file {file}: run this test once with {WriteTo} set to tests/Grains.Tests/Contracts/Golden, build again, and commit it.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().TrimEnd('\n');
    }
}
