using CsCheck;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Grains.Tests.Deliveries;

/// <summary>
/// Random histories of one endpoint against a model: answers of all kinds, disabling and enabling, pausing, skipping, giving
/// up, resends, recoveries, ends of processes with and without a word. A failing history is shrunk by the library.
/// </summary>
public sealed class EndpointEngineTests
{
    private const int Histories = 10_000;

    private static readonly Gen<string?[]> Log = Gen.OneOf(Gen.Const((string?)null), Gen.Const<string?>("a"), Gen.Const<string?>("b"), Gen.Const<string?>("c")).Array[0, 24];
    private static readonly Gen<(int Kind, int A, int B)[]> Steps = Gen.Select(Gen.Int[0, 29], Gen.Int[0, 60], Gen.Int[0, 60]).Array[0, 90];

    [Theory]
    [InlineData(OrderingMode.Strict)]
    [InlineData(OrderingMode.Key)]
    [InlineData(OrderingMode.None)]
    public void No_history_loses_a_message_breaks_a_lane_or_tries_too_often(OrderingMode mode) => Gen.Select(Log, Steps).Sample(
        (log, steps) =>
        {
            var model = new EngineModel(mode, log);
            foreach (var (kind, a, b) in steps)
            {
                Step(model, kind, a, b);
            }

            model.Finish();
        },
        iter: Histories,
        print: static history => $"log [{string.Join(", ", history.Item1.Select(static key => key ?? "-"))}], steps [{string.Join(", ", history.Item2)}]");

    private static void Step(EngineModel model, int kind, int a, int b)
    {
        switch (kind)
        {
            case <= 3: model.Read(); model.Send(); break;
            case <= 9: model.End(a, b); break;
            case 10 or 11: model.Send(); break;
            case 12 or 13: model.BeginFlush(); break;
            case 14 or 15: model.EndFlush(); model.LoadLanes(); break;
            case 16 or 17: model.Wait(a % 12); break;
            case 18: model.Pause(); break;
            case 19 or 20: model.Resume(); break;
            case 21: model.Skip(a); break;
            case 22 when a % 3 == 0: model.GiveUp(b); break;
            case 23: model.BeginResend(a); break;
            case 24: model.EndResend(b % 3 != 0); break;
            case 25: model.Recover(a, b); model.Scan(1); model.Send(); break;
            case 26: model.Scan(1); model.Send(); break;
            case 27 when a % 4 == 0: model.Cancel(); break;
            case 28: model.Deactivate(); break;
            case 29 when a % 3 == 0: model.Crash(); break;
            case 29: model.DropWindows(); break;
            default: break;
        }
    }
}
