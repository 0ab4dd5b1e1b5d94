using System.Security.Cryptography;
using System.Text;
using Webhooks.Grains.Hosting;

namespace Webhooks.Gateway.Api.Authentication;

/// <summary>Finds the secret that tokens are signed with.</summary>
internal static class TokenSecret
{
    private const string FileName = "jwt-secret";
    private const int KeyBytes = 64;

    /// <summary>Secrets shorter than this many bytes are worth a warning.</summary>
    public const int WeakBelow = 32;

    /// <summary>The configured secret; in a standalone process else the one kept in the data directory, made at first use.</summary>
    /// <exception cref="MissingSettingException">In a cluster none is set.</exception>
    public static string Find(IConfiguration configuration)
    {
        if (configuration[AuthOptions.Section + ":JwtSecret"] is { Length: > 0 } secret)
        {
            return secret;
        }

        var mode = configuration.GetValue<ClusterMode>(ClusterOptions.Section + ":Mode");
        if (mode != ClusterMode.Standalone)
        {
            throw new MissingSettingException("Gateways of a cluster must share a secret: set Webhooks__Auth__JwtSecret.");
        }

        var folder = DataFolder.Locate(configuration);
        var file = Path.Combine(folder, FileName);
        if (!File.Exists(file))
        {
            Keep(folder, file);
        }

        return File.ReadAllText(file);
    }

    /// <summary>
    /// The key's bytes. Libraries refuse short keys; HMAC pads them with zeros to its block of 64 bytes anyway (RFC 2104),
    /// so that padding them here changes no signature.
    /// </summary>
    public static byte[] Key(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        if (bytes.Length < KeyBytes)
        {
            Array.Resize(ref bytes, KeyBytes);
        }

        return bytes;
    }

    private static void Keep(string folder, string file)
    {
        Directory.CreateDirectory(folder);
        var made = Convert.ToBase64String(RandomNumberGenerator.GetBytes(48));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // Written beside and moved: a process that starts at the same moment reads a whole secret or none.
        var beside = file + "." + Guid.NewGuid().ToString("N");
        using (var stream = new FileStream(beside, options))
        {
            stream.Write(Encoding.UTF8.GetBytes(made));
        }

        try
        {
            File.Move(beside, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(beside);
        }
    }
}
