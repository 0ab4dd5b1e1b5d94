using Microsoft.Extensions.Options;

namespace Webhooks.Grains.Sending;

/// <summary>What the attributes of <see cref="DeliveryOptions"/> cannot say. Tells all faults at once, by key.</summary>
internal sealed class DeliveryOptionsValidator : IValidateOptions<DeliveryOptions>
{
    private const int MaxSteps = 100;
    private const int MaxStepSeconds = 31 * 86400;

    public ValidateOptionsResult Validate(string? name, DeliveryOptions options)
    {
        var faults = new List<string>();
        if (options.RetrySchedule is { } schedule)
        {
            if (schedule.Count > MaxSteps)
            {
                faults.Add($"{Key(nameof(options.RetrySchedule))} has {schedule.Count} steps; at most {MaxSteps} are allowed.");
            }

            for (var i = 0; i < schedule.Count; i++)
            {
                if (schedule[i] is < 0 or > MaxStepSeconds)
                {
                    faults.Add($"{Key(nameof(options.RetrySchedule))}:{i} is {schedule[i]}; a step is 0 to {MaxStepSeconds} seconds.");
                }
            }
        }

        Positive(nameof(options.ReminderThreshold), options.ReminderThreshold);
        Positive(nameof(options.IdempotencyWindow), options.IdempotencyWindow);
        if (options.SiloFailingAttempts > options.SiloAttempts)
        {
            faults.Add($"{Key(nameof(options.SiloFailingAttempts))} is {options.SiloFailingAttempts}; it is a part of {nameof(options.SiloAttempts)}, {options.SiloAttempts}.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Positive(string property, TimeSpan value)
        {
            if (value <= TimeSpan.Zero)
            {
                faults.Add($"{Key(property)} is {value}; it must be longer than zero.");
            }
        }
    }

    private static string Key(string property) => $"{DeliveryOptions.Section}:{property}";
}

/// <summary>Each allowed subnet must be one: a slip here would either open too much or silently nothing.</summary>
internal sealed class EgressOptionsValidator : IValidateOptions<EgressOptions>
{
    public ValidateOptionsResult Validate(string? name, EgressOptions options)
    {
        var faults = new List<string>();
        for (var i = 0; i < options.AllowedSubnets.Count; i++)
        {
            if (!EgressPolicy.TryParseSubnet(options.AllowedSubnets[i], out _))
            {
                faults.Add($"{EgressOptions.Section}:{nameof(options.AllowedSubnets)}:{i} is '{options.AllowedSubnets[i]}'; it must be a subnet in CIDR form, such as 10.1.0.0/16 or fd00::/8, with no bits set beyond its length.");
            }
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
