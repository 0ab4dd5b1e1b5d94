using Webhooks.Grains.Hosting;
using Webhooks.Silo;

try
{
    await SiloApplication.Build(args).RunAsync();
    return 0;
}
catch (MissingSettingException missing)
{
    await Console.Error.WriteLineAsync(missing.Message);
    return 1;
}
