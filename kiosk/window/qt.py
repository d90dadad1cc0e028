"""The Qt window (PyQt6 WebEngine through pywebview) with every way out closed; the only user of that backend's private names."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import webview.platforms.qt as backend
from qtpy import QtCore
from qtpy.QtGui import QClipboard
from qtpy.QtWebEngineCore import QWebEngineProfile, QWebEngineSettings, QWebEngineUrlRequestInterceptor
from qtpy.QtWidgets import QApplication, QDialog, QMenu, QMessageBox

from kiosk.policy import Policy, allow_button, allow_key
from kiosk.window import WindowPlan, settings
from kiosk.window.backoff import Backoff

# Replaced on pywebview's own classes and module; the contract test holds them to exist.
PRIVATE_METHODS = ("on_download_requested", "on_confirmation_dialog", "on_file_dialog", "_set_js_api")
PRIVATE_NAMES = ("js_bridge_call", "inject_pywebview", "BrowserView", "destroy_window", "environ_append")
PRIVATE_ATTRIBUTES = ("webview", "instances", "create_window_trigger", "channel", "profile", "on_load_finished")
FAR_AWAY = -30_000
"""Pixels left of and above every screen."""
NAVIGATION_KEYS = {
    *["Tab", "Backtab", "Return", "Enter", "Space", "Backspace", "Delete", "Escape", "Shift", "CapsLock", "NumLock", "AltGr"],
    *["Left", "Right", "Up", "Down", "Home", "End", "PageUp", "PageDown"],
}


def _text(url: Any) -> str:
    # As it goes over the wire: toString() decodes, and would show a %20 as a space, which the policy refuses.
    return bytes(url.toEncoded()).decode("ascii", "replace")


def draw_plainly() -> None:
    """Let Qt and Chromium draw by the processor, where it would else play the graphics card for both; before Qt starts."""
    flags = os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", "")
    if "--disable-gpu" not in flags.split():
        os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = f"{flags} --disable-gpu".strip()
    os.environ.setdefault("QT_QUICK_BACKEND", "software")


def harden(policy: Policy) -> None:
    """Replace what pywebview's Qt backend does by itself; before any window is created."""
    settings.close_ways_out()
    backend.js_bridge_call = settings.deaf
    backend.inject_pywebview = settings.only_events
    # pywebview asks Chromium to grant camera and microphone without a question.
    backend.environ_append = settings.deaf
    for name in PRIVATE_METHODS:
        setattr(backend.BrowserView, name, settings.deaf)
    # pywebview's _set_js_api puts its channel into each page; its events must still come.
    backend.BrowserView._set_js_api = lambda view: settings.only_events("qt", view.pywebview_window)  # noqa: SLF001
    for name in ("information", "question", "warning", "critical"):
        setattr(QMessageBox, name, staticmethod(settings.deaf))
    _harden_page(policy, backend.BrowserView.WebPage)


def _harden_page(policy: Policy, page: Any) -> None:
    # Methods set on the class: a subclass would recurse for ever, because pywebview's own calls super by that name.
    page.acceptNavigationRequest = lambda _page, url, _kind, main: bool(main) and policy.allow_page(_text(url))
    page.createWindow = lambda _page, _kind: None
    page.chooseFiles = lambda *_: []
    page.javaScriptAlert = settings.deaf
    page.javaScriptConfirm = lambda *_: False
    page.javaScriptPrompt = lambda *_: (False, "")
    page.javaScriptConsoleMessage = settings.deaf
    page.onFeaturePermissionRequested = lambda own, url, feature: own.setFeaturePermission(
        url, feature, backend.QWebPage.PermissionPolicy.PermissionDeniedByUser
    )


class _OnlyOurs(QWebEngineUrlRequestInterceptor):  # type: ignore[misc]
    """Blocks every request that leaves for another place than our own server."""

    def __init__(self, policy: Policy) -> None:
        super().__init__()
        self._policy = policy

    def interceptRequest(self, info: Any) -> None:  # noqa: N802 - Qt's name
        """Let our own pages and pictures written into them pass."""
        url = _text(info.requestUrl())
        picture = info.resourceType() == info.ResourceType.ResourceTypeImage and url.startswith("data:image/")
        if not (self._policy.allow(url) or picture):
            info.block(True)


class _Doorkeeper(QtCore.QObject):  # type: ignore[misc]
    """Sees every event before any widget does: eats keys that the policy does not know, and lets no dialog or menu appear."""

    def eventFilter(self, watched: Any, event: Any) -> bool:  # noqa: N802 - Qt's name
        """Whether the event was eaten."""
        kinds = QtCore.QEvent.Type
        if event.type() in (kinds.Polish, kinds.Show) and isinstance(watched, QDialog | QMenu):
            # Some of Chromium's dialogs (colours) can be refused nowhere else. Polish comes before anything is drawn.
            # Not hidden by WA_DontShowOnScreen: after that Qt gives the page no touch any more.
            if event.type() == kinds.Polish:
                watched.setWindowFlag(QtCore.Qt.WindowType.BypassWindowManagerHint)
                watched.move(FAR_AWAY, FAR_AWAY)
            else:
                QtCore.QTimer.singleShot(0, watched.reject if isinstance(watched, QDialog) else watched.close)
            return False
        if event.type() in (kinds.MouseButtonPress, kinds.MouseButtonRelease, kinds.MouseButtonDblClick):
            return not allow_button(1 if event.button() == QtCore.Qt.MouseButton.LeftButton else 2)
        if event.type() == kinds.Wheel:
            return bool(event.modifiers() & QtCore.Qt.KeyboardModifier.ControlModifier)
        if event.type() not in (kinds.KeyPress, kinds.ShortcutOverride):
            return False
        flags = QtCore.Qt.KeyboardModifier
        held = event.modifiers()
        # AltGr comes as Ctrl+Alt on some layouts, but then with the letter that it makes.
        text = event.text()
        name = QtCore.Qt.Key(event.key()).name.removeprefix("Key_")
        allowed = allow_key(
            "Tab" if name in NAVIGATION_KEYS else name,
            printable=bool(text) and text.isprintable(),
            ctrl=bool(held & flags.ControlModifier),
            alt=bool(held & flags.AltModifier),
            meta=bool(held & flags.MetaModifier),
        )
        return not allowed


class QtWindow:
    """One kiosk window on Qt."""

    name = "qt"

    def __init__(self, plan: WindowPlan) -> None:
        self._plan = plan
        self._exiting = False
        self._backoff = Backoff()
        self._window: Any = None
        self._doorkeeper = _Doorkeeper()
        self._interceptor = _OnlyOurs(plan.policy)
        self._loaded: threading.Event | None = None
        self._loading_since: float | None = None
        if not settings.has_graphics_card():
            draw_plainly()
        harden(plan.policy)

    def run(self, url: str) -> None:
        """Show the window until it is closed; only in the main thread."""
        self._window = settings.create(self._plan, url)
        self._window.events.before_show += self._close_ways_out
        self._window.events.closing += lambda: self._exiting
        settings.start("qt")

    def wipe(self, url: str, seconds: float = 20.0) -> bool:
        """Remove everything of the visit, with a new renderer, and show url; whether that was seen to end in time."""
        loaded = threading.Event()
        self._in_gui(lambda: self._start_afresh(url, loaded))
        return loaded.wait(seconds)

    def renew(self) -> None:
        """Throw the renderer of a page that hangs away, and load home with a new one; from any thread."""
        self._in_gui(self._renew)

    def ask(self, answer: Callable[[], None]) -> None:
        """Call back out of the window's loop, as soon as it comes round; from any thread."""
        self._in_gui(answer)

    @property
    def loading_since(self) -> float | None:
        """When the load that is under way began, on the monotonic clock; None when none is."""
        return self._loading_since

    def close(self) -> None:
        """Close the window soon; may be called from any thread, more than once."""
        self._exiting = True
        if self._window is not None:
            backend.destroy_window(self._window.uid)

    def _in_gui(self, call: Any) -> None:
        browser = backend.BrowserView.instances.get(self._window.uid)
        if browser is not None:
            browser.create_window_trigger.emit(call)

    # Everything below runs in the GUI thread --------------------------------------------------------------------------

    @property
    def _browser(self) -> Any:
        return backend.BrowserView.instances[self._window.uid]

    def _close_ways_out(self) -> None:
        QApplication.instance().installEventFilter(self._doorkeeper)
        self._browser.setAcceptDrops(False)
        self._browser.webview.setAcceptDrops(False)
        self._dress(self._browser.profile, self._browser.webview.page())
        if self._plan.fullscreen:
            # Full screen is taken on the screen on which the window stands.
            screens = QApplication.screens()
            self._browser.setGeometry(screens[settings.monitor(self._plan, len(screens))].geometry())

    def _dress(self, profile: Any, page: Any) -> None:
        # Everything again for each new profile and page: one that is forgotten silently opens a way out.
        attributes = QWebEngineSettings.WebAttribute
        profile.setUrlRequestInterceptor(self._interceptor)
        profile.downloadRequested.connect(lambda download: download.cancel())
        for name, value in {
            "ErrorPageEnabled": False,
            "FullScreenSupportEnabled": False,
            "JavascriptCanAccessClipboard": False,
            "JavascriptCanOpenWindows": False,
            "LocalContentCanAccessFileUrls": False,
            "PdfViewerEnabled": False,
            "PluginsEnabled": False,
            "ScreenCaptureEnabled": False,
            "ShowScrollBars": False,  # a desktop's, with arrows; a finger needs none, and GTK shows none
            "WebGLEnabled": False,
        }.items():
            profile.settings().setAttribute(getattr(attributes, name), value)
        # The channel into Python that pywebview puts into each page: without it nothing of Qt can be reached from there.
        page.setWebChannel(None)
        page.renderProcessTerminated.connect(lambda *_: self._home_soon())
        page.loadStarted.connect(self._load_started)
        page.urlChanged.connect(self._url_changed)
        page.loadFinished.connect(self._load_finished)

    def _start_afresh(self, url: str, loaded: threading.Event) -> None:
        browser = self._browser
        old_page, old_profile = browser.webview.page(), browser.profile
        browser.profile = QWebEngineProfile()
        page = backend.BrowserView.WebPage(browser, profile=browser.profile)
        self._dress(browser.profile, page)
        browser.webview.setPage(page)
        page.loadFinished.connect(browser.on_load_finished)
        for mode in (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection):
            QApplication.clipboard().clear(mode)
        # The page before its profile: the other way round Qt aborts.
        old_page.deleteLater()
        old_profile.deleteLater()
        self._loaded = loaded
        page.setUrl(QtCore.QUrl(url))

    def _load_started(self) -> None:
        self._loading_since = time.monotonic()

    def _load_finished(self, fine: bool) -> None:
        self._loading_since = None
        if fine and self._loaded is not None:
            self._loaded.set()
            self._loaded = None
        elif not fine and not self._plan.policy.allow(_text(self._browser.webview.url())):
            self._home_soon()

    def _url_changed(self, url: Any) -> None:
        # about:blank is the one address that Qt does not ask about.
        if not url.isEmpty() and not self._plan.policy.allow(_text(url)):
            self._home_soon()

    def _renew(self) -> None:
        pid = self._browser.webview.page().renderProcessPid()
        if pid:
            # Its end is told like any other renderer's, and leads home.
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        else:
            self._home_soon()

    def _home_soon(self) -> None:
        if self._exiting:
            return
        self._plan.broke()
        QtCore.QTimer.singleShot(int(self._backoff.wait() * 1000), self._home)

    def _home(self) -> None:
        if not self._exiting:
            self._browser.webview.setUrl(QtCore.QUrl(self._plan.home()))
