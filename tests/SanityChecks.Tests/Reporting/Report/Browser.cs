using Microsoft.Playwright;

namespace SanityChecks.Tests.Reporting.Report;

/// <summary>One Chromium for all tests of pages; the system's own, nothing is downloaded.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Places =
        ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

    private IPlaywright? playwright;
    private IBrowser? browser;

    /// <summary>Starts the browser, where there is one.</summary>
    public async ValueTask InitializeAsync()
    {
        if (Places.FirstOrDefault(File.Exists) is not { } program)
        {
            return;
        }

        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = program,
            Args = ["--no-sandbox", "--disable-gpu"], // a sandbox of its own, root is not allowed; our page alone is opened
        });
    }

    /// <summary>Opens a page; skips the running test, and says so, where there is no browser.</summary>
    /// <param name="file">The page's file.</param>
    /// <param name="width">Of the window, in CSS pixels.</param>
    /// <param name="dark">Whether the reader asks for dark pages.</param>
    internal async Task<OpenPage> OpenAsync(string file, int width = 1280, bool dark = false)
    {
        Assert.SkipWhen(browser is null, $"needs Chromium (one of {string.Join(", ", Places)}), which is not here");
        IBrowserContext context = await browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
        });
        return await OpenPage.OfAsync(context, file);
    }

    /// <summary>Ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
    }
}

/// <summary>A page in the browser, and what it did that it must not.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly List<string> faults = [];

    private OpenPage(IBrowserContext context, IPage page) => (this.context, Page) = (context, page);

    public IPage Page { get; }

    /// <summary>Errors of scripts, messages of the console, and every request but that for the page itself.</summary>
    public IReadOnlyList<string> Faults => faults;

    public static async Task<OpenPage> OfAsync(IBrowserContext context, string file)
    {
        IPage page = await context.NewPageAsync();
        page.SetDefaultTimeout(5000);
        var open = new OpenPage(context, page);
        string address = new Uri(file).AbsoluteUri;
        page.PageError += (_, error) => open.faults.Add($"error: {error}");
        page.Console += (_, message) => open.faults.Add($"console: {message.Text}");
        page.Dialog += (_, dialog) => open.faults.Add($"dialog: {dialog.Message}");
        page.Request += (_, request) =>
        {
            if (request.Url != address && !request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                open.faults.Add($"request: {request.Url}");
            }
        };
        await page.GotoAsync(address);
        return open;
    }

    /// <summary>The pixels of a canvas, red, green, blue and opacity of each.</summary>
    public Task<byte[]> PixelsAsync(string id) => Page.EvaluateAsync<int[]>(
        $"() => {{ const c = document.getElementById('{id}'); return [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]; }}")
        .ContinueWith(values => Array.ConvertAll(values.Result, value => (byte)value), TaskScheduler.Default);

    public ValueTask DisposeAsync() => new(context.CloseAsync());
}
