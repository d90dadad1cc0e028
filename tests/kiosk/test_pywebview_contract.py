"""Every private name of pywebview that the adapters use must exist in the pinned version: an update that moves one fails here."""

import inspect
import os
from importlib.metadata import version
from types import ModuleType

import pytest
import webview
from webview.window import Window as PywebviewWindow

from kiosk.window import Probe, settings

# PyGObject and Qt's bindings warn about themselves when they are imported.
pytestmark = [pytest.mark.filterwarnings("ignore::ImportWarning"), pytest.mark.filterwarnings("ignore::DeprecationWarning")]


@pytest.fixture(scope="module")
def gtk() -> ModuleType:
    """Import the GTK adapter, or skip where GTK is not installed."""
    if not Probe().has_gtk():
        pytest.skip("GTK is not installed")
    from kiosk.window import gtk

    return gtk


@pytest.fixture(scope="module")
def qt() -> ModuleType:
    """Import the Qt adapter, or skip where Qt is not installed."""
    if not Probe().has_qt():
        pytest.skip("the optional extra qt is not installed")
    from kiosk.window import qt

    return qt


def test_the_version_is_the_one_that_was_read() -> None:
    """6.2.x: another minor version must be read anew before it is taken."""
    assert version("pywebview").startswith("6.2.")


def test_the_settings_that_close_ways_out_exist() -> None:
    """A setting that was renamed would silently leave its way open."""
    for name in (
        "ALLOW_DOWNLOADS",
        "ALLOW_FILE_URLS",
        "OPEN_EXTERNAL_LINKS_IN_BROWSER",
        "OPEN_DEVTOOLS_IN_DEBUG",
        "REMOTE_DEBUGGING_PORT",
    ):
        assert name in webview.settings


def test_the_window_has_the_events_that_we_wait_for() -> None:
    """before_show runs in the GUI thread before the first load; closing may refuse."""
    source = inspect.getsource(PywebviewWindow.__init__)
    assert "self.events.before_show = Event(self, True)" in source
    assert "self.events.closing = Event(self, True)" in source
    wanted = {"func", "gui", "debug", "http_server", "private_mode"}
    assert wanted <= inspect.signature(webview.start).parameters.keys()
    assert {"fullscreen", "background_color", "easy_drag", "text_select", "js_api"} <= inspect.signature(
        webview.create_window
    ).parameters.keys()


def test_gtk_has_every_private_name(gtk: ModuleType) -> None:
    """Methods that are replaced, module names that are replaced, attributes that are read."""
    for name in gtk.PRIVATE_NAMES:
        assert hasattr(gtk.backend, name), name
    for name in gtk.PRIVATE_METHODS:
        assert callable(getattr(gtk.backend.BrowserView, name)), name
    assert "del BrowserView.instances[self.uid]" in inspect.getsource(gtk.backend.BrowserView.close_window)
    source = inspect.getsource(gtk.backend)
    for name in gtk.PRIVATE_ATTRIBUTES:
        assert f"self.{name} = " in source or f"{name} = {{}}" in source, name


def test_gtk_connects_the_methods_that_we_replace(gtk: ModuleType) -> None:
    """Replacing them on the class only helps while pywebview connects them by those names, after we replaced them."""
    source = inspect.getsource(gtk.backend.BrowserView.__init__)
    for line in (
        "self.webview.connect('decide-policy', self.on_navigation)",
        "self.manager.connect('script-message-received', self.on_js_bridge_call)",
        "self.webview.connect('drag-data-received', self.on_drag_data)",
        "self.manager.register_script_message_handler('jsBridge')",
        "web_context = webkit.WebContext.new_ephemeral()",
    ):
        assert line in source
    assert source.index("self.pywebview_window.events.before_show.set()") < source.index("self.webview.load_uri")
    assert source.index("scrolled_window.add(self.webview)") < source.index("self.pywebview_window.events.before_show.set()")


def test_gtk_knows_every_setting_that_we_turn_off(gtk: ModuleType) -> None:
    """WebKitGTK renames its settings now and then."""
    known = {one.name for one in gtk.WebKit2.Settings.list_properties()}
    assert gtk.WEBKIT_SETTINGS.keys() <= known


def test_gtk_knows_every_signal_that_we_answer(gtk: ModuleType) -> None:
    """A signal that is gone would be an error only when the window opens, in the shop."""
    infos = (gtk.WebKit2.WebView.__info__, gtk.Gtk.Widget.__info__)
    known = {one.get_name().rstrip("_") for info in infos for one in info.get_signals()}
    for name in (
        "authenticate",
        "button-press-event",
        "button-release-event",
        "context-menu",
        "create",
        "decide-policy",
        "enter-fullscreen",
        "load-changed",
        "load-failed",
        "permission-request",
        "print",
        "run-color-chooser",
        "run-file-chooser",
        "script-dialog",
        "scroll-event",
        "show-notification",
        "web-process-terminated",
    ):
        assert name in known, name


def test_hardening_replaces_the_bridge(gtk: ModuleType) -> None:
    """After it no page can reach Python, and no dialog of pywebview can open."""
    from kiosk.policy import Policy

    gtk.harden(Policy("127.0.0.1:1"))
    assert gtk.backend.js_bridge_call is settings.deaf
    assert gtk.backend.inject_pywebview is settings.only_events
    for name in gtk.PRIVATE_METHODS:
        assert getattr(gtk.backend.BrowserView, name) is settings.deaf or name == "on_navigation"
    assert webview.settings["ALLOW_DOWNLOADS"] is False
    assert webview.settings["ALLOW_FILE_URLS"] is False
    assert webview.settings["OPEN_EXTERNAL_LINKS_IN_BROWSER"] is False


def test_without_a_graphics_card_the_processor_draws_at_once(qt: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """What somebody set stays; told twice it is said once."""
    monkeypatch.setenv("QTWEBENGINE_CHROMIUM_FLAGS", "--mute-audio")
    monkeypatch.setenv("QT_QUICK_BACKEND", "rhi")
    for _ in range(2):
        qt.draw_plainly()
    assert os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] == "--mute-audio --disable-gpu"
    assert os.environ["QT_QUICK_BACKEND"] == "rhi"


def test_qt_has_every_private_name(qt: ModuleType) -> None:
    """The same for Qt."""
    for name in qt.PRIVATE_NAMES:
        assert hasattr(qt.backend, name), name
    for name in qt.PRIVATE_METHODS:
        assert callable(getattr(qt.backend.BrowserView, name)), name
    source = inspect.getsource(qt.backend)
    for name in qt.PRIVATE_ATTRIBUTES:
        assert f"self.{name}" in source or f"{name} = " in source, name
