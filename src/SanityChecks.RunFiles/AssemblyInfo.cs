[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("SanityChecks.Tests")]
[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("SanityChecks.Reporting")]
