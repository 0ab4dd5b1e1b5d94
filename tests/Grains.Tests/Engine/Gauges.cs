using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Webhooks.Grains.Tests.Engine;

/// <summary>Reads the meter of one engine, as a listener outside of it would.</summary>
internal sealed class Gauges : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly List<(string Instrument, double Value, Dictionary<string, object?> Tags)> _seen = [];

    public Gauges(EngineHost engine)
    {
        var factory = engine.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Webhooks" && ReferenceEquals(instrument.Meter.Scope, factory))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => See(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => See(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => See(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>What a gauge says now.</summary>
    public IReadOnlyList<(double Value, Dictionary<string, object?> Tags)> Read(string gauge)
    {
        lock (_seen)
        {
            _seen.RemoveAll(seen => seen.Instrument == gauge);
        }

        _listener.RecordObservableInstruments();
        lock (_seen)
        {
            return [.. _seen.Where(seen => seen.Instrument == gauge).Select(seen => (seen.Value, seen.Tags))];
        }
    }

    /// <summary>What a counter has counted, of one value of a tag if one is named.</summary>
    public double Count(string counter, string? tag = null, string? value = null)
    {
        lock (_seen)
        {
            return _seen.Where(seen => seen.Instrument == counter && (tag is null || seen.Tags[tag] as string == value)).Sum(static seen => seen.Value);
        }
    }

    public void Dispose() => _listener.Dispose();

    private void See(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var kept = new Dictionary<string, object?>();
        foreach (var (name, tagged) in tags)
        {
            kept[name] = tagged;
        }

        lock (_seen)
        {
            _seen.Add((instrument.Name, value, kept));
        }
    }
}
