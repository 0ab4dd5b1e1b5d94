using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Hosting;

/// <summary>
/// Faults of the store leave a grain without what caused them: the driver's exceptions are of types that a caller in
/// another process does not have.
/// </summary>
internal sealed class StoreFaultFilter : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (StoreUnavailableException error) when (error.InnerException is not null)
        {
            throw new StoreUnavailableException(error.Message) { StoreIsOut = true };
        }
        catch (StoreContentException error)
        {
            throw new InvalidOperationException(error.Message);
        }
    }
}
