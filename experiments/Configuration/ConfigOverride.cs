namespace SanityChecks.Experiments.Configuration;

/// <summary>Values given on the command line.</summary>
internal static class ConfigOverride
{
    /// <summary>The section with the overrides applied in their order.</summary>
    /// <param name="map">The whole file.</param>
    /// <param name="overrides">A later one wins over an earlier one.</param>
    /// <param name="problems">Receives one line for each override that is no such pair; unknown keys are found later, as those of the file
    /// are.</param>
    public static ConfigMap Apply(ConfigMap map, IReadOnlyList<GivenValue> overrides, ConfigProblems problems)
    {
        for (int i = 0; i < overrides.Count; i++)
        {
            string text = overrides[i].Assignment;
            Place place = Place.Override(overrides[i], i);
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            string[] keys = equals < 0 ? [] : text[..equals].Trim().Split('.');
            if (keys.Length == 0 || keys.Any(string.IsNullOrWhiteSpace))
            {
                problems.Add(place, "override", "must be key=value, such as images.count=20 or methods=[grad_cam,gradient]");
                continue;
            }

            try
            {
                ConfigNode? value = YamlTree.Read(text[(equals + 1)..], (_, _) => place, problems, string.Join('.', keys));
                map = map.With(keys, value ?? new ConfigScalar(place, "", true));
            }
            catch (ConfigException error)
            {
                problems.Add(place, string.Join('.', keys), error.Message[(place.Text.Length + 2)..]);
            }
        }

        return map;
    }
}
