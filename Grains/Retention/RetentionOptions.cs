using System.ComponentModel.DataAnnotations;

namespace Webhooks.Grains.Retention;

/// <summary>How long what has been is kept. Section <c>Webhooks:Retention</c>.</summary>
public sealed class RetentionOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Webhooks:Retention";

    /// <summary>Days that payloads are kept after acceptance, 1 to 3,650; 0 for ever. Default 90.</summary>
    [Range(0, 3650)]
    public int PayloadDays { get; set; } = 90;

    /// <summary>Days that attempts are kept, 1 to 3,650; 0 for ever. Default 90.</summary>
    [Range(0, 3650)]
    public int AttemptDays { get; set; } = 90;

    /// <summary>Days that dead letters are kept after they became such, 1 to 3,650; 0 for ever. Default 90.</summary>
    [Range(0, 3650)]
    public int DeadLetterDays { get; set; } = 90;

    /// <summary>Days that tasks in the background are listed after they ended, 1 to 3,650; 0 for ever. Default 90.</summary>
    [Range(0, 3650)]
    public int TaskDays { get; set; } = 90;
}
