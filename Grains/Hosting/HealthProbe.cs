namespace Webhooks.Grains.Hosting;

/// <summary>Asks a health page of this machine, for images that carry no other client: exit code 0 when it answers 2xx.</summary>
public static class HealthProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>0 when the page answers 2xx, else 1.</summary>
    /// <param name="page">The page's address.</param>
    public static async Task<int> RunAsync(string page)
    {
        using var http = new HttpClient { Timeout = Patience };
        try
        {
            using var response = await http.GetAsync(new Uri(page));
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            return 1;
        }
    }
}
