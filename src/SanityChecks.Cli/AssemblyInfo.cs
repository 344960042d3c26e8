[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("SanityChecks.Tests")]
