using Microsoft.Extensions.Configuration;

namespace Webhooks.Grains.Hosting;

/// <summary>Where a standalone process keeps its data.</summary>
public static class DataFolder
{
    /// <summary>The setting, <c>Webhooks:DataDirectory</c>.</summary>
    public const string Setting = "Webhooks:DataDirectory";

    /// <summary>
    /// The absolute path: the setting, or <c>orleans-webhooks</c> in the user's local application data, wherever the
    /// process is started from.
    /// </summary>
    public static string Locate(IConfiguration configuration)
    {
        if (configuration[Setting] is { Length: > 0 } configured)
        {
            return Path.GetFullPath(configured);
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return home.Length > 0
            ? Path.Combine(home, "orleans-webhooks")
            : throw new MissingSettingException("This user has no home folder: set Webhooks__DataDirectory to a folder for the data.");
    }
}
