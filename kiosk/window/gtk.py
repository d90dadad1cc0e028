"""The GTK window (WebKitGTK through pywebview) with every way out closed; the only user of that backend's private names."""

import contextlib
import threading
import time
from collections.abc import Callable
from typing import Any

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gdk", "3.0")
gi.require_version("WebKit2", "4.1")

import webview.platforms.gtk as backend  # noqa: E402
from gi.repository import Gdk, GLib, Gtk, WebKit2  # noqa: E402

from kiosk.policy import Policy, allow_button, allow_key  # noqa: E402
from kiosk.window import WindowPlan, settings  # noqa: E402
from kiosk.window.backoff import Backoff  # noqa: E402

# Replaced on pywebview's own class and module; the contract test holds them to exist.
PRIVATE_METHODS = (
    "on_navigation",
    "on_js_bridge_call",
    "on_drag_data",
    "on_download_started",
    "message_box",
    "create_file_dialog",
    "create_confirmation_dialog",
)
PRIVATE_NAMES = ("js_bridge_call", "inject_pywebview", "BrowserView")
PRIVATE_ATTRIBUTES = ("webview", "window", "manager", "instances")

WEBKIT_SETTINGS = {
    "allow-file-access-from-file-urls": False,
    "allow-modal-dialogs": False,
    "allow-top-navigation-to-data-urls": False,
    "allow-universal-access-from-file-urls": False,
    "enable-back-forward-navigation-gestures": False,
    "enable-developer-extras": False,
    "enable-dns-prefetching": False,
    "enable-fullscreen": False,
    "enable-html5-local-storage": True,  # the theme keeps its choices there during a visit; the wipe removes them
    "enable-media-stream": False,
    "enable-page-cache": False,  # a page kept in memory would survive the wipe
    "enable-webgl": False,
    "enable-webrtc": False,
    "javascript-can-access-clipboard": False,
    "javascript-can-open-windows-automatically": False,
}


def harden(policy: Policy) -> None:
    """Replace what pywebview's GTK backend does by itself; before any window is created."""
    settings.close_ways_out()
    backend.js_bridge_call = settings.deaf
    backend.inject_pywebview = settings.only_events
    view = backend.BrowserView
    for name in PRIVATE_METHODS:
        setattr(view, name, settings.deaf)
    # Not connected later but put in place: handlers connected later run after pywebview's own, which has then decided.
    view.on_navigation = lambda _self, _view, decision, kind: decide(policy, decision, kind)


def decide(policy: Policy, decision: Any, kind: Any) -> bool:
    """WebKit's question where to go: only our own pages, only in this window, never a download."""
    kinds = WebKit2.PolicyDecisionType
    if kind == kinds.NAVIGATION_ACTION:
        allowed = policy.allow_page(decision.get_navigation_action().get_request().get_uri())
    elif kind == kinds.RESPONSE:
        answer = decision.get_response()
        # Asked again of what really came: see allow_page.
        allowed = policy.allow(answer.get_uri()) and answer.get_mime_type() == "text/html"
    else:
        allowed = False
    (decision.use if allowed else decision.ignore)()
    return True


class GtkWindow:
    """One kiosk window on GTK."""

    name = "gtk"

    def __init__(self, plan: WindowPlan) -> None:
        self._plan = plan
        self._exiting = False
        self._closed = False
        self._backoff = Backoff()
        self._first_state: Any = None
        self._loaded: threading.Event | None = None
        self._pending = 0
        self._loading_since: float | None = None
        self._window: Any = None
        harden(plan.policy)

    def run(self, url: str) -> None:
        """Show the window until it is closed; only in the main thread."""
        self._window = settings.create(self._plan, url)
        # Fires in the GUI thread when the view exists and before it loads anything.
        self._window.events.before_show += self._close_ways_out
        self._window.events.closing += lambda: self._exiting
        settings.start("gtk")

    def wipe(self, url: str, seconds: float = 20.0) -> bool:
        """Remove everything of the visit, with a new renderer, and show url; whether that was seen to end in time."""
        loaded = threading.Event()
        GLib.idle_add(self._wipe, url, loaded)
        return loaded.wait(seconds)

    def renew(self) -> None:
        """Throw the renderer of a page that hangs away, and load home with a new one; from any thread."""
        GLib.idle_add(self._renew)

    def ask(self, answer: Callable[[], None]) -> None:
        """Call back out of the window's loop, as soon as it comes round; from any thread."""
        GLib.idle_add(_once, answer)

    @property
    def loading_since(self) -> float | None:
        """When the load that is under way began, on the monotonic clock; None when none is."""
        return self._loading_since

    def close(self) -> None:
        """Close the window soon; may be called from any thread, more than once."""
        self._exiting = True
        GLib.idle_add(self._close)

    # Everything below runs in the GUI thread --------------------------------------------------------------------------

    def _close(self) -> bool:
        # Not pywebview's destroy_window: asked twice, it takes the window away a second time while the first is at it.
        if self._window is not None and not self._closed and self._window.uid in backend.BrowserView.instances:
            self._closed = True
            self._browser.close_window()
        return False

    @property
    def _browser(self) -> Any:
        return backend.BrowserView.instances[self._window.uid]

    @property
    def _view(self) -> Any:
        return self._browser.webview

    def _close_ways_out(self) -> None:
        browser, view = self._browser, self._view
        browser.manager.unregister_script_message_handler("jsBridge")
        for name, value in WEBKIT_SETTINGS.items():
            if view.get_settings().find_property(name) is not None:
                view.get_settings().set_property(name, value)
        if not settings.has_graphics_card():
            # A processor that plays the graphics card draws each page twice, and a tap takes two to three times as long.
            view.get_settings().set_hardware_acceleration_policy(WebKit2.HardwareAccelerationPolicy.NEVER)
        context = view.get_context()
        context.connect("download-started", lambda _context, download: download.cancel())
        context.set_cache_model(WebKit2.CacheModel.DOCUMENT_BROWSER)
        context.set_spell_checking_enabled(False)
        context.set_automation_allowed(False)
        self._refuse(view)
        view.connect("web-process-terminated", self._renderer_ended)
        view.connect("load-changed", self._load_changed)
        view.connect("load-failed", self._load_failed)
        browser.window.connect("key-press-event", _refuse_key)
        # A page has no business with files that are dropped on it.
        view.drag_dest_unset()
        self._cover_screen(browser.window)

    def _refuse(self, view: Any) -> None:
        refusals: dict[str, Callable[..., Any]] = {
            "create": lambda *_: None,
            "context-menu": lambda *_: True,
            "enter-fullscreen": lambda *_: True,
            "permission-request": lambda _view, request: request.deny() or True,
            "print": lambda *_: True,
            "run-color-chooser": lambda _view, request: request.cancel() or True,
            "run-file-chooser": lambda _view, request: request.cancel() or True,
            "script-dialog": lambda *_: True,
            "scroll-event": lambda _view, event: bool(event.state & Gdk.ModifierType.CONTROL_MASK),
            "show-notification": lambda *_: True,
            "button-press-event": lambda _view, event: not allow_button(event.button),
            "button-release-event": lambda _view, event: not allow_button(event.button),
            "authenticate": lambda _view, request: request.cancel() or True,
        }
        for signal, answer in refusals.items():
            view.connect(signal, answer)

    def _cover_screen(self, window: Any) -> None:
        if self._plan.fullscreen:
            # Also without a window manager, where asking for full screen has no effect.
            display = Gdk.Display.get_default()
            number = settings.monitor(self._plan, display.get_n_monitors())
            area = display.get_monitor(number).get_geometry()
            window.set_decorated(False)
            window.move(area.x, area.y)
            window.resize(area.width, area.height)
            # Where the window manager would else choose one itself.
            window.fullscreen_on_monitor(window.get_screen(), number)

    def _wipe(self, url: str, loaded: threading.Event) -> bool:
        self._pending += 1
        number = self._pending
        manager = self._view.get_context().get_website_data_manager()

        def cleared(source: Any, result: Any) -> None:
            # What could not be cleared dies with the renderer; the next wipe tries again.
            with contextlib.suppress(GLib.Error):
                source.clear_finish(result)
            self._start_afresh(url, loaded, number)

        manager.clear(WebKit2.WebsiteDataTypes.ALL, 0, None, cleared)
        return False

    def _start_afresh(self, url: str, loaded: threading.Event, number: int) -> None:
        if number != self._pending or self._exiting:
            return
        for selection in (Gdk.SELECTION_CLIPBOARD, Gdk.SELECTION_PRIMARY):
            Gtk.Clipboard.get(selection).set_text("", -1)
            Gtk.Clipboard.get(selection).clear()
        view = self._view
        view.terminate_web_process()
        # The list of visited pages lives in this process and outlives the renderer: put the one from the very start back.
        if self._first_state is not None:
            view.restore_session_state(self._first_state)
        self._loaded = loaded
        view.load_uri(url)

    def _load_changed(self, view: Any, event: Any) -> None:
        if event != WebKit2.LoadEvent.FINISHED:
            self._loading_since = self._loading_since or time.monotonic()
            return
        self._loading_since = None
        if self._first_state is None and self._plan.policy.allow(view.get_uri() or ""):
            self._first_state = view.get_session_state()
        if self._loaded is not None:
            self._loaded.set()
            self._loaded = None

    def _renderer_ended(self, _view: Any, reason: Any) -> None:
        # Ended by the wipe itself: that one loads the next page.
        if reason != WebKit2.WebProcessTerminationReason.TERMINATED_BY_API:
            self._home_soon()

    def _load_failed(self, _view: Any, _event: Any, _uri: str, error: Any) -> bool:
        # Refused by our own policy, or overtaken by a newer load: nothing is broken, the page stays.
        overtaken = error.domain == "WebKitNetworkError" and error.code == 302
        if not overtaken and error.domain not in {"WebKitPolicyError", "WebKitPluginError"}:
            self._home_soon()
        return True

    def _renew(self) -> bool:
        if not self._exiting:
            self._plan.broke()
            self._view.terminate_web_process()
            self._home()
        return False

    def _home_soon(self) -> None:
        if not self._exiting:
            self._plan.broke()
            GLib.timeout_add(int(self._backoff.wait() * 1000), self._home)

    def _home(self) -> bool:
        if not self._exiting:
            self._view.load_uri(self._plan.home())
        return False


def _once(call: Callable[[], None]) -> bool:
    """Tell GLib by the answer False that it need not call again."""
    call()
    return False


def _refuse_key(_window: Any, event: Any) -> bool:
    state, mask = event.state, Gdk.ModifierType
    name = Gdk.keyval_name(event.keyval) or ""
    letter = Gdk.keyval_to_unicode(event.keyval)
    allowed = allow_key(
        name,
        printable=letter >= 0x20 and letter != 0x7F,
        ctrl=bool(state & mask.CONTROL_MASK),
        alt=bool(state & mask.MOD1_MASK),
        meta=bool(state & (mask.SUPER_MASK | mask.META_MASK | mask.HYPER_MASK | mask.MOD4_MASK)),
    )
    return not allowed
