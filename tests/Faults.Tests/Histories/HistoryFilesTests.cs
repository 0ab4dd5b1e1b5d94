using CsCheck;
using Webhooks.Faults.Histories;
using Webhooks.Faults.Tests.Checking;

namespace Webhooks.Faults.Tests.Histories;

/// <summary>A history in a folder.</summary>
public sealed class HistoryFilesTests
{
    [Fact]
    public void What_is_written_is_read_back() => Gen.Int.Sample(
        static seed =>
        {
            var history = GeneratedRun.Of(seed, maxEvents: 10);
            InFolder(folder =>
            {
                HistoryFiles.Write(folder, history);
                var read = HistoryFiles.Read(folder);
                Assert.Equal(history.Endpoints.Select(static e => (e.Id, e.Application, e.Order, string.Join(' ', e.EventTypes))), read.Endpoints.Select(static e => (e.Id, e.Application, e.Order, string.Join(' ', e.EventTypes))));
                Assert.Equal(history.Published, read.Published);
                Assert.Equal(history.Received, read.Received);
                Assert.Equal(history.Messages, read.Messages);
                Assert.Equal(history.Attempts, read.Attempts);
                Assert.Equal(history.DeadLetters, read.DeadLetters);
                Assert.Equal(history.Faults, read.Faults);
            });
        },
        iter: 30);

    [Fact]
    public void A_broken_line_is_named() => InFolder(static folder =>
    {
        HistoryFiles.Write(folder, SmallRun.Healthy);
        File.AppendAllText(Path.Combine(folder, "published.jsonl"), "{\"number\":1}\n");
        var error = Assert.Throws<InvalidDataException>(() => HistoryFiles.Read(folder));
        Assert.Contains("published.jsonl, line 11", error.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void A_missing_file_is_told() => InFolder(static folder =>
    {
        HistoryFiles.Write(folder, SmallRun.Healthy);
        File.Delete(Path.Combine(folder, "faults.jsonl"));
        Assert.Throws<FileNotFoundException>(() => HistoryFiles.Read(folder));
    });

    private static void InFolder(Action<string> act)
    {
        var folder = Directory.CreateTempSubdirectory("history-");
        try
        {
            act(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
