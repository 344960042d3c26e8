Console.WriteLine("SanityChecks");
