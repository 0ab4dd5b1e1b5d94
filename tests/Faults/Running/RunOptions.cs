using System.Globalization;
using Webhooks.Faults.Publishing;
using Webhooks.Faults.Receiving;
using Webhooks.Faults.Topologies;

namespace Webhooks.Faults.Running;

/// <summary>What the command line says.</summary>
internal sealed record RunOptions
{
    /// <summary>Minutes of load.</summary>
    public double Minutes { get; init; } = 15;

    /// <summary>Seconds that the store is away, in <c>store-outage</c>.</summary>
    public int Seconds { get; init; } = 60;

    /// <summary>Where every choice comes from.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Faults to use; all that can be done here when empty.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = [];

    /// <summary>The revision that an upgrade begins with, as git names it.</summary>
    public string? From { get; init; }

    /// <summary>Whether an upgrade is taken back in the end.</summary>
    public bool Back { get; init; }

    /// <summary>Whether an upgrade goes to that revision with a schema change more, instead of to today's.</summary>
    public bool NextSchema { get; init; }

    /// <summary>Where histories and logs are kept whatever comes of the run; null to keep those of a failed one alone.</summary>
    public string? Keep { get; init; }

    /// <summary>File for the drawing of a soak; null for none.</summary>
    public string? Plot { get; init; }

    /// <summary>Applications, with four endpoints each.</summary>
    public int Applications { get; init; } = 3;

    public LoadOptions Load { get; init; } = new();

    public TopologyOptions Topology { get; init; } = new();

    public Behaviour Behaviour { get; init; } = new(FailShare: 0.01, HangShare: 0.0005);

    /// <exception cref="ArgumentException">An option that is not known, or has no value.</exception>
    public static RunOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new RunOptions();
        for (var place = 0; place < arguments.Count; place += 2)
        {
            if (place + 1 == arguments.Count)
            {
                throw new ArgumentException($"{arguments[place]} has no value.");
            }

            options = options.With(arguments[place], arguments[place + 1]);
        }

        return options;
    }

    private RunOptions With(string name, string value) => name switch
    {
        "--minutes" => this with { Minutes = double.Parse(value, CultureInfo.InvariantCulture) },
        "--seconds" => this with { Seconds = Number(value) },
        "--seed" => this with { Seed = Number(value) },
        "--kinds" => this with { Kinds = value.Split(',') },
        "--from" => this with { From = value },
        "--back" => this with { Back = bool.Parse(value) },
        "--next-schema" => this with { NextSchema = bool.Parse(value) },
        "--keep" => this with { Keep = Path.GetFullPath(value) },
        "--plot" => this with { Plot = Path.GetFullPath(value) },
        "--applications" => this with { Applications = Number(value) },
        "--rate" => this with { Load = Load with { Rate = Number(value) } },
        "--publishers" => this with { Load = Load with { Publishers = Number(value) } },
        "--silos" => this with { Topology = Topology with { Silos = Number(value) } },
        "--gateways" => this with { Topology = Topology with { Gateways = Number(value) } },
        "--retry-steps" => this with { Topology = Topology with { RetrySteps = Number(value) } },
        "--store" => this with { Topology = Topology with { Store = Enum.Parse<StoreKind>(value, ignoreCase: true) } },
        "--standby" => this with { Topology = Topology with { Standby = bool.Parse(value) } },
        "--fail" => this with { Behaviour = Behaviour with { FailShare = double.Parse(value, CultureInfo.InvariantCulture) } },
        "--hang" => this with { Behaviour = Behaviour with { HangShare = double.Parse(value, CultureInfo.InvariantCulture) } },
        "--delay" => this with { Behaviour = Behaviour with { DelayMilliseconds = Number(value) } },
        _ => throw new ArgumentException($"{name} is not an option."),
    };

    private static int Number(string value) => int.Parse(value, CultureInfo.InvariantCulture);
}
