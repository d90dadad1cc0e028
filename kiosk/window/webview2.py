"""The Windows window (WebView2 through pywebview): experimental.

It was written from pywebview's source and Microsoft's reference, and tested against a stand-in; nobody has run it on Windows. Use
it with Assigned Access, which closes what lies outside the window.
"""

import threading
import time
from collections.abc import Callable
from typing import Any

from kiosk.policy import Policy
from kiosk.window import WindowPlan, settings
from kiosk.window.backoff import Backoff

# Replaced on pywebview's own class; the contract test holds them to stand in its source.
PRIVATE_METHODS = ("on_new_window_request", "on_download_starting", "on_script_notify", "on_certificate_error")

WEBVIEW_SETTINGS = {
    "AreBrowserAcceleratorKeysEnabled": False,
    "AreDefaultContextMenusEnabled": False,
    "AreDefaultScriptDialogsEnabled": False,
    "AreDevToolsEnabled": False,
    "AreHostObjectsAllowed": False,
    "IsBuiltInErrorPageEnabled": False,
    "IsGeneralAutofillEnabled": False,
    "IsPasswordAutosaveEnabled": False,
    "IsPinchZoomEnabled": False,
    "IsStatusBarEnabled": False,
    "IsSwipeNavigationEnabled": False,
    "IsWebMessageEnabled": False,
    "IsZoomControlEnabled": False,
}
PERMISSION_DENY = 2
"""CoreWebView2PermissionState.Deny."""


def harden(view_class: Any) -> None:
    """Replace what pywebview's backend does by itself; before any window is created."""
    settings.close_ways_out()
    for name in PRIVATE_METHODS:
        setattr(view_class, name, settings.deaf)


class Lock:
    """Closes every way out of one CoreWebView2, and tells when its processes fail."""

    def __init__(self, policy: Policy, failed: Callable[[], None], loading: Callable[[bool], None]) -> None:
        self._policy, self._failed, self._loading = policy, failed, loading

    def close_ways_out(self, core: Any) -> None:
        """Set all settings and answer all questions of a view that is ready; in the GUI thread."""
        for name, value in WEBVIEW_SETTINGS.items():
            # Older runtimes lack some of them; those that are there are all set.
            if hasattr(core.Settings, name):
                setattr(core.Settings, name, value)
        core.NavigationStarting += self._navigation
        core.FrameNavigationStarting += self._refuse
        core.NavigationCompleted += lambda _view, _args: self._loading(False)
        core.WebResourceRequested += self._resource
        core.NewWindowRequested += self._handled
        core.DownloadStarting += self._download
        core.ScriptDialogOpening += settings.deaf  # not accepted, so it is as if it were cancelled
        core.PermissionRequested += self._permission
        core.ContextMenuRequested += self._handled
        core.BasicAuthenticationRequested += self._refuse
        core.LaunchingExternalUriScheme += self._refuse
        core.WindowCloseRequested += settings.deaf
        core.ProcessFailed += lambda _view, _args: self._failed()

    def _navigation(self, _view: Any, args: Any) -> None:
        args.Cancel = not self._policy.allow_page(str(args.Uri))
        if not args.Cancel:
            self._loading(True)

    def _resource(self, view: Any, args: Any) -> None:
        url = str(args.Request.Uri)
        if not (self._policy.allow(url) or url.startswith("data:image/")):
            args.Response = view.Environment.CreateWebResourceResponse(None, 403, "Not here", "")

    @staticmethod
    def _refuse(_view: Any, args: Any) -> None:
        args.Cancel = True

    @staticmethod
    def _handled(_view: Any, args: Any) -> None:
        args.Handled = True

    @staticmethod
    def _download(_view: Any, args: Any) -> None:
        args.Cancel = True
        args.Handled = True

    @staticmethod
    def _permission(_view: Any, args: Any) -> None:
        args.State = PERMISSION_DENY
        args.Handled = True


class WebView2Window:
    """One kiosk window on Windows."""

    name = "webview2"

    def __init__(self, plan: WindowPlan) -> None:
        from webview.platforms import edgechromium, winforms  # noqa: PLC0415 - they exist on Windows only

        self._plan = plan
        self._forms = winforms.BrowserView
        self._exiting = False
        self._backoff = Backoff()
        self._loaded: threading.Event | None = None
        self._loading_since: float | None = None
        self._window: Any = None
        self._lock = Lock(plan.policy, self._home_soon, self._load_changed)
        harden(edgechromium.EdgeChrome)
        self._take_part_in_start(edgechromium.EdgeChrome)

    def _take_part_in_start(self, view_class: Any) -> None:
        """Close the ways out when the view is ready: pywebview's own handler loads the first page at its end."""
        ready = view_class.on_webview_ready

        def on_webview_ready(view: Any, sender: Any, args: Any) -> None:
            if args.IsSuccess:
                self._lock.close_ways_out(sender.CoreWebView2)
            ready(view, sender, args)
            if args.IsSuccess:
                # pywebview turns some of them on again.
                for name, value in WEBVIEW_SETTINGS.items():
                    if hasattr(sender.CoreWebView2.Settings, name):
                        setattr(sender.CoreWebView2.Settings, name, value)

        view_class.on_webview_ready = on_webview_ready

    def run(self, url: str) -> None:
        """Show the window until it is closed; only in the main thread."""
        self._window = settings.create(self._plan, url)
        self._window.events.closing += lambda: self._exiting
        settings.start("edgechromium")

    def wipe(self, url: str, seconds: float = 20.0) -> bool:
        """Remove everything of the visit, and show url; whether that was seen to end in time."""
        loaded = threading.Event()
        self.ask(lambda: self._wipe(url, loaded))
        return loaded.wait(seconds)

    def renew(self) -> None:
        """Throw the renderer of a page that hangs away, and load home with a new one; from any thread."""
        self.ask(self._renew)

    def ask(self, answer: Callable[[], None]) -> None:
        """Call back out of the window's loop, as soon as it comes round; from any thread."""
        form = self._forms.instances.get(self._window.uid)
        if form is not None:
            form.BeginInvoke(self._action(answer))

    @property
    def loading_since(self) -> float | None:
        """When the load that is under way began, on the monotonic clock; None when none is."""
        return self._loading_since

    def close(self) -> None:
        """Close the window soon; may be called from any thread, more than once."""
        self._exiting = True
        if self._window is not None:
            self._window.destroy()

    # Everything below runs in the GUI thread --------------------------------------------------------------------------

    @staticmethod
    def _action(answer: Callable[[], None]) -> Any:
        from System import Action  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - .NET, on Windows only

        return Action(answer)

    @property
    def _core(self) -> Any:
        return self._forms.instances[self._window.uid].browser.webview.CoreWebView2

    def _wipe(self, url: str, loaded: threading.Event) -> None:
        def cleared() -> None:
            self._core.CookieManager.DeleteAllCookies()
            self._loaded = loaded
            self._core.Navigate(url)

        # Everything that the profile keeps: cookies, storage, cache, history. Waiting here would block what is waited for.
        task = self._core.Profile.ClearBrowsingDataAsync()
        task.GetAwaiter().OnCompleted(self._action(lambda: self.ask(cleared)))

    def _renew(self) -> None:
        # Not Page.crash: that would write a dump with everything that the visitor typed.
        self._core.CallDevToolsProtocolMethodAsync("Runtime.terminateExecution", "{}")
        self._home_soon()

    def _load_changed(self, loading: bool) -> None:
        self._loading_since = time.monotonic() if loading else None
        if not loading and self._loaded is not None:
            self._loaded.set()
            self._loaded = None

    def _home_soon(self) -> None:
        if not self._exiting:
            self._plan.broke()
            threading.Timer(self._backoff.wait(), lambda: self.ask(self._home)).start()

    def _home(self) -> None:
        if not self._exiting:
            self._core.Navigate(self._plan.home())
