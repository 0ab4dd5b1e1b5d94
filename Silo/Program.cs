using Webhooks.Grains.Hosting;
using Webhooks.Silo;

if (args is ["--probe", var page])
{
    return await HealthProbe.RunAsync(page);
}

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
