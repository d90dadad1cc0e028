"""A small window above all others, to drag from: `python drag_source.py file|text|link VALUE`; `clip` fills the clipboard."""

import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gdk", "3.0")
from gi.repository import Gdk, Gtk  # noqa: E402


def main() -> None:
    """Wait to be dragged from, until told to end."""
    kind, value = sys.argv[1:]
    if kind == "clip":
        Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD).set_text(value, -1)
        Gtk.main()
        return
    window = Gtk.Window(type=Gtk.WindowType.POPUP)
    window.set_default_size(120, 120)
    window.move(0, 300)
    box = Gtk.EventBox()
    box.add(Gtk.Label(label="drag"))
    window.add(box)
    box.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY | Gdk.DragAction.LINK)
    if kind == "text":
        box.drag_source_add_text_targets()
        box.connect("drag-data-get", lambda _box, _context, data, _info, _time: data.set_text(value, -1))
    else:
        box.drag_source_add_uri_targets()
        box.connect("drag-data-get", lambda _box, _context, data, _info, _time: data.set_uris([value]))
    box.connect("drag-begin", lambda *_: print("dragging", file=sys.stderr, flush=True))
    window.show_all()
    Gtk.main()


if __name__ == "__main__":
    main()
