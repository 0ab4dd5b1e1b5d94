using MudBlazor;

namespace Webhooks.Gateway.Api.Portal.Components.Shared;

internal static class Confirming
{
    /// <summary>Asks before something is done; true when it may be.</summary>
    public static async Task<bool> ConfirmAsync(this IDialogService dialogs, string title, string words, string yes, bool dangerous = false)
    {
        var parameters = new DialogParameters<ConfirmDialog>
        {
            { d => d.Title, title },
            { d => d.Words, words },
            { d => d.Yes, yes },
            { d => d.Dangerous, dangerous },
        };
        var dialog = await dialogs.ShowAsync<ConfirmDialog>(title, parameters, new DialogOptions { CloseOnEscapeKey = true, MaxWidth = MaxWidth.ExtraSmall, FullWidth = true });
        return await dialog.Result is { Canceled: false };
    }
}
