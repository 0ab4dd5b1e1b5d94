namespace Webhooks.Faults.Builds;

/// <summary>A change of one place in a source file.</summary>
/// <param name="File">Path within the repository.</param>
/// <param name="Old">What stands there, once.</param>
/// <param name="New">What shall stand there.</param>
internal sealed record Edit(string File, string Old, string New)
{
    /// <exception cref="ArgumentException">The place is not there, or there more than once.</exception>
    public void Apply(string folder)
    {
        var path = Path.Combine(folder, File);
        var parts = System.IO.File.ReadAllText(path).Split(Old);
        if (parts.Length != 2)
        {
            throw new ArgumentException($"{File} has {parts.Length - 1} places with \"{Old}\", not one.");
        }

        System.IO.File.WriteAllText(path, string.Join(New, parts));
    }
}
