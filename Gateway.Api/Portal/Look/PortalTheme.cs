using MudBlazor;

namespace Webhooks.Gateway.Api.Portal.Look;

/// <summary>The portal's colours and letters.</summary>
internal static class PortalTheme
{
    /// <summary>The lightest and the darkest ground that coloured text stands on.</summary>
    public const string LightGround = "#f4f6fa";

    public const string DarkGround = "#1b2130";

    public static MudTheme Of(string light, string dark) => new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = light,
            PrimaryContrastText = ReadableColor.TextOn(light),
            Background = "#f7f8fb",
            Surface = "#ffffff",
            AppbarBackground = "#ffffff",
            AppbarText = "#1a2233",
            TextPrimary = "#1a2233",
            TextSecondary = "#515b70",
            ActionDefault = "#515b70",
            LinesDefault = "#dde2ec",
            LinesInputs = "#7d879b",
            TableLines = "#e4e8f0",
            Divider = "#dde2ec",
            Success = "#12703c",
            Error = "#b42318",
            Warning = "#8a5300",
            Info = "#175cd3",
        },
        PaletteDark = new PaletteDark
        {
            Primary = dark,
            PrimaryContrastText = ReadableColor.TextOn(dark),
            Background = "#0f141f",
            Surface = "#171d2b",
            AppbarBackground = "#171d2b",
            AppbarText = "#e8ecf5",
            TextPrimary = "#e8ecf5",
            TextSecondary = "#a8b2c7",
            ActionDefault = "#a8b2c7",
            LinesDefault = "#2b3447",
            LinesInputs = "#7f8aa3",
            TableLines = "#252d3f",
            Divider = "#2b3447",
            Success = "#5fd38d",
            SuccessContrastText = "#06210f",
            Error = "#ff9b91",
            ErrorContrastText = "#3a0a06",
            Warning = "#f5bf5c",
            WarningContrastText = "#2e1d00",
            Info = "#8cbcff",
            InfoContrastText = "#04203f",
        },
        Typography = new Typography { Default = new DefaultTypography { FontFamily = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif"] } },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px" },
    };
}
