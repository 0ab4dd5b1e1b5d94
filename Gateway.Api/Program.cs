using Webhooks.Gateway.Api;
using Webhooks.Gateway.Api.Commands;
using Webhooks.Gateway.Api.Demo;
using Webhooks.Grains.Hosting;

// Patterns come from people too, in JSON Schemas: one that takes for ever must not take a thread for ever.
AppContext.SetData("REGEX_DEFAULT_MATCH_TIMEOUT", TimeSpan.FromSeconds(1));

try
{
    return args switch
    {
        [.., "--help" or "-h"] or ["help", ..] => Help.Print(args[0]),
        ["token", .. var rest] => TokenCommand.Run(rest),
        ["key", .. var rest] => KeyCommand.Run(rest),
        ["demo", ..] => await DemoCommand.RunAsync(),
        ["--probe", var page] => await HealthProbe.RunAsync(page),
        _ => await Server.RunAsync(args),
    };
}
catch (MissingSettingException missing)
{
    await Console.Error.WriteLineAsync(missing.Message);
    return 1;
}
