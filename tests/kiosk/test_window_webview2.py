"""The Windows window against a stand-in for .NET: what can be known without Windows. It was never run there."""

import inspect
import sys
import threading
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, Self

import pytest

from kiosk.policy import Policy
from kiosk.window import Choice, Probe, WindowPlan, choose
from kiosk.window.webview2 import PERMISSION_DENY, PRIVATE_METHODS, WEBVIEW_SETTINGS, Lock, WebView2Window

OWN = "http://127.0.0.1:8642"


class Event:
    """A .NET event: handlers are added by +=."""

    def __init__(self) -> None:
        """Nobody listens yet."""
        self.handlers: list[Callable[..., Any]] = []

    def __iadd__(self, handler: Callable[..., Any]) -> Self:
        """Listen."""
        self.handlers.append(handler)
        return self

    def __call__(self, **given: Any) -> SimpleNamespace:
        """Raise it, and give its arguments as the handlers left them."""
        args = SimpleNamespace(**given)
        for handler in self.handlers:
            handler(Core.current, args)
        return args


class Core:
    """A CoreWebView2: settings that are all on, and every event that we answer."""

    current: "Core"
    EVENTS = (
        *("NavigationStarting", "FrameNavigationStarting", "NavigationCompleted", "WebResourceRequested", "NewWindowRequested"),
        *("DownloadStarting", "ScriptDialogOpening", "PermissionRequested", "ContextMenuRequested"),
        *("BasicAuthenticationRequested", "LaunchingExternalUriScheme", "WindowCloseRequested", "ProcessFailed"),
    )

    def __init__(self) -> None:
        """Everything is open."""
        Core.current = self
        self.Settings = SimpleNamespace(**dict.fromkeys(WEBVIEW_SETTINGS, True))
        for name in self.EVENTS:
            setattr(self, name, Event())
        self.done: list[tuple[str, ...]] = []
        self.Environment = SimpleNamespace(CreateWebResourceResponse=lambda *given: given)
        awaiter = SimpleNamespace(OnCompleted=lambda call: call())
        task = SimpleNamespace(GetAwaiter=lambda: awaiter)

        def clear() -> Any:
            self.done.append(("clear",))
            return task

        self.Profile = SimpleNamespace(ClearBrowsingDataAsync=clear)
        self.CookieManager = SimpleNamespace(DeleteAllCookies=lambda: self.done.append(("cookies",)))

    def Navigate(self, url: str) -> None:  # noqa: N802 - .NET's name
        """Go there."""
        self.done.append(("go", url))

    def CallDevToolsProtocolMethodAsync(self, name: str, _given: str) -> None:  # noqa: N802 - .NET's name
        """Do it."""
        self.done.append(("protocol", name))


@pytest.fixture
def core() -> Core:
    """Give a view whose ways out are closed."""
    view = Core()
    failed, loading = view.done.append, lambda now: view.done.append(("loading", str(now)))
    Lock(Policy("127.0.0.1:8642"), lambda: failed(("failed",)), loading).close_ways_out(view)
    return view


def test_every_setting_is_turned_off(core: Core) -> None:
    """Keys, menus, dialogs, zoom, messages to Python, autofill."""
    assert not any(vars(core.Settings).values())


@pytest.mark.parametrize(
    ("url", "refused"),
    [
        (f"{OWN}/en/", False),
        (f"{OWN}/en/kettle/descale.html", False),
        ("http://127.0.0.1:1/", True),
        ("https://example.com/", True),
        ("file:///C:/Windows", True),
        ("about:blank", True),
        ("edge://settings", True),
        ("data:text/html,x", True),
        (f"{OWN}/media/data.zip", True),
    ],
)
def test_the_view_goes_to_our_own_pages_only(core: Core, url: str, refused: bool) -> None:
    """The same rule as on the other backends."""
    assert core.NavigationStarting(Uri=url, Cancel=False).Cancel is refused  # type: ignore[attr-defined]


def test_every_question_gets_the_answer_no(core: Core) -> None:
    """Frames, windows, downloads, devices, menus, passwords, other programs."""
    view: Any = core
    assert view.FrameNavigationStarting(Cancel=False, Uri=f"{OWN}/en/").Cancel
    assert view.NewWindowRequested(Handled=False).Handled
    assert view.DownloadStarting(Cancel=False, Handled=False).Cancel
    permission = view.PermissionRequested(State=0, Handled=False)
    assert (permission.State, permission.Handled) == (PERMISSION_DENY, True)
    assert view.ContextMenuRequested(Handled=False).Handled
    assert view.BasicAuthenticationRequested(Cancel=False).Cancel
    assert view.LaunchingExternalUriScheme(Cancel=False).Cancel
    assert not hasattr(view.ScriptDialogOpening(), "Accepted")
    assert view.WebResourceRequested(Request=SimpleNamespace(Uri="https://example.com/x.png"), Response=None).Response[1] == 403
    assert view.WebResourceRequested(Request=SimpleNamespace(Uri=f"{OWN}/a.css"), Response=None).Response is None


def test_a_failed_process_is_told(core: Core) -> None:
    """The recovery ladder begins there."""
    core.ProcessFailed()  # type: ignore[attr-defined]
    assert ("failed",) in core.done


def opened(monkeypatch: pytest.MonkeyPatch) -> tuple[WebView2Window, Core]:
    """Make a window on stand-ins for pywebview's Windows modules."""

    class EdgeChrome:
        def on_webview_ready(self, sender: Any, args: Any) -> None:
            sender.CoreWebView2.Settings.IsZoomControlEnabled = True

    view = Core()
    form = SimpleNamespace(BeginInvoke=lambda call: call(), browser=SimpleNamespace(webview=SimpleNamespace(CoreWebView2=view)))
    forms = ModuleType("webview.platforms.winforms")
    forms.BrowserView = SimpleNamespace(instances={"one": form})  # type: ignore[attr-defined]
    edge = ModuleType("webview.platforms.edgechromium")
    edge.EdgeChrome = EdgeChrome  # type: ignore[attr-defined]
    import webview.platforms

    for name, module in (("winforms", forms), ("edgechromium", edge)):
        monkeypatch.setitem(sys.modules, f"webview.platforms.{name}", module)
        monkeypatch.setattr(webview.platforms, name, module, raising=False)
    monkeypatch.setattr(WebView2Window, "_action", staticmethod(lambda call: call))
    window = WebView2Window(WindowPlan("Shop", Policy("127.0.0.1:8642"), fullscreen=True, home=lambda: f"{OWN}/home"))
    window._window = SimpleNamespace(uid="one")
    EdgeChrome().on_webview_ready(SimpleNamespace(CoreWebView2=view), SimpleNamespace(IsSuccess=True))
    return window, view


def test_what_pywebview_opens_again_is_closed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own handler comes in between, and turns zoom on."""
    _, view = opened(monkeypatch)
    assert not any(vars(view.Settings).values())


def test_the_wipe_clears_the_profile_before_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """And is seen to end when the first screen is loaded."""
    window, view = opened(monkeypatch)
    timer = threading.Timer(0.2, view.NavigationCompleted)  # type: ignore[attr-defined]
    timer.start()
    assert window.wipe(f"{OWN}/start", seconds=5)
    timer.join()
    assert view.done[-3:] == [("clear",), ("cookies",), ("go", f"{OWN}/start")]


def test_a_page_that_hangs_is_stopped_without_a_dump(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then home is loaded."""
    window, view = opened(monkeypatch)
    window._backoff.wait = lambda: 0.01  # type: ignore[method-assign]
    window.renew()
    assert ("protocol", "Runtime.terminateExecution") in view.done
    end = threading.Event()
    end.wait(0.3)
    assert view.done[-1] == ("go", f"{OWN}/home")


def test_pywebview_still_has_the_private_names() -> None:
    """Read in its source: the module itself can be imported on Windows only."""
    spec = find_spec("webview")
    assert spec
    assert spec.origin
    source = Path(spec.origin).with_name("platforms").joinpath("edgechromium.py").read_text()
    for name in (*PRIVATE_METHODS, "on_webview_ready"):
        assert f"def {name}(self" in source, name
    assert "self.webview.CoreWebView2InitializationCompleted += self.on_webview_ready" in source
    assert "args.IsSuccess" in inspect.getsource(WebView2Window)


def test_windows_takes_it_and_says_that_it_is_experimental() -> None:
    """Elsewhere it is refused with the cure."""
    on_windows = Probe(env={}, platform="win32", has_gtk=lambda: False, has_qt=lambda: False)
    assert choose("auto", on_windows) == Choice("webview2", "experimental: nobody has run it in a shop")
    elsewhere = Probe(env={"DISPLAY": ":1"}, platform="linux", display_answers=lambda _: True)
    assert choose("webview2", elsewhere).backend == "none"
