// Each test starts several processes on a small machine: one after the other.
[assembly: Xunit.CollectionBehavior(DisableTestParallelization = true)]
