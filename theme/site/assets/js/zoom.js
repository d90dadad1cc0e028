// Pictures of an article, enlarged: opened by touch, click, Enter or Space; pinched and scrolled; closed by button, Escape or a touch beside.

const { textOpen, textClose } = document.querySelector("script[data-zoom]").dataset
const SMALLEST = 120 // Narrower pictures are signs, not drawings.
const MOST = 4

const pictures = [...document.querySelectorAll("main article img")].filter(
  (picture) =>
    picture.alt.trim() &&
    Number(picture.getAttribute("width") ?? SMALLEST) >= SMALLEST &&
    !picture.closest("a, button, summary, label, [data-search-skip]"),
)

if (pictures.length > 0 && "showModal" in HTMLDialogElement.prototype) {
  const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("../css/zoom.css", import.meta.url) })
  document.head.append(style)
  pictures.forEach(offer)
}

// The picture itself is the button: nothing moves on the page, and the whole picture is the target.
function offer(picture) {
  picture.classList.add("zoomable")
  picture.tabIndex = 0
  picture.setAttribute("role", "button")
  picture.setAttribute("aria-haspopup", "dialog")
  picture.setAttribute("aria-label", `${textOpen}: ${picture.alt}`)
  picture.addEventListener("click", () => open(picture))
  picture.addEventListener("keydown", (event) => {
    if ((event.key === "Enter" || event.key === " ") && !event.repeat) {
      event.preventDefault()
      open(picture)
    }
  })
}

function open(picture) {
  const dialog = make("dialog", "zoom")
  const close = make("button", "zoom-close")
  const view = make("div", "zoom-view")
  const image = make("img", "zoom-picture")
  dialog.setAttribute("aria-label", picture.alt)
  close.type = "button"
  close.textContent = textClose
  view.tabIndex = 0
  view.dir = "ltr" // scrolling counts from the left
  view.setAttribute("role", "group")
  view.setAttribute("aria-label", picture.alt)
  if (picture.srcset) {
    image.sizes = "1600px" // the widest copy
    image.srcset = picture.srcset
  }
  image.src = picture.src
  image.alt = picture.alt
  view.append(image)
  dialog.append(close, view)
  document.body.append(dialog)
  const lens = new Lens(view, image, shape(picture))
  const refit = () => lens.refit()
  close.addEventListener("click", () => dialog.close())
  dialog.addEventListener("click", (event) => event.target === view && dialog.close())
  dialog.addEventListener("keydown", (event) => {
    event.stopPropagation() // the page's own keys rest
    lens.key(event)
  })
  dialog.addEventListener("close", () => {
    removeEventListener("resize", refit)
    dialog.remove()
    picture.focus({ preventScroll: true })
  })
  addEventListener("resize", refit)
  dialog.showModal()
  refit()
}

function make(tag, name) {
  const element = document.createElement(tag)
  element.className = name
  return element
}

function shape(picture) {
  const width = Number(picture.getAttribute("width")) || picture.naturalWidth || 3
  return width / (Number(picture.getAttribute("height")) || picture.naturalHeight || 2)
}

// Keeps a picture between "all of it" and four times that, with the touched point where the finger is.
class Lens {
  constructor(view, image, ratio) {
    Object.assign(this, { view, image, ratio, scale: 1, pinch: null })
    image.addEventListener("click", (event) => this.to(this.scale > 1 ? 1 : 2, event.clientX, event.clientY))
    view.addEventListener("wheel", (event) => this.wheel(event), { passive: false })
    for (const kind of ["touchstart", "touchmove"]) {
      view.addEventListener(kind, (event) => this.touch(event), { passive: false })
    }
    view.addEventListener("touchend", () => (this.pinch = null))
  }

  refit() {
    this.fit = Math.max(1, Math.min(this.view.clientWidth, this.view.clientHeight * this.ratio))
    this.to(this.scale)
  }

  to(scale, x = innerWidth / 2, y = innerHeight / 2) {
    const before = this.image.getBoundingClientRect()
    const across = before.width ? (x - before.left) / before.width : 0.5
    const down = before.height ? (y - before.top) / before.height : 0.5
    this.scale = Math.min(MOST, Math.max(1, scale))
    this.image.width = Math.round(this.fit * this.scale)
    this.image.height = Math.round((this.fit * this.scale) / this.ratio)
    this.view.classList.toggle("larger", this.scale > 1)
    const after = this.image.getBoundingClientRect()
    this.view.scrollLeft += after.left + across * after.width - x
    this.view.scrollTop += after.top + down * after.height - y
  }

  wheel(event) {
    if (event.ctrlKey) { // a pinch on a touchpad comes as a wheel with Ctrl
      event.preventDefault()
      this.to(this.scale * Math.exp(-event.deltaY / 200), event.clientX, event.clientY)
    }
  }

  touch(event) {
    if (event.touches.length !== 2) {
      return
    }
    event.preventDefault()
    const [one, two] = event.touches
    const apart = Math.hypot(one.clientX - two.clientX, one.clientY - two.clientY)
    if (event.type === "touchstart" || !this.pinch) {
      this.pinch = { apart, scale: this.scale }
    }
    this.to((this.pinch.scale * apart) / this.pinch.apart, (one.clientX + two.clientX) / 2, (one.clientY + two.clientY) / 2)
  }

  key(event) {
    const step = { "+": 1.5, "=": 1.5, "-": 1 / 1.5 }[event.key]
    if (step && !event.ctrlKey && !event.metaKey) {
      event.preventDefault()
      this.to(this.scale * step)
    }
  }
}
