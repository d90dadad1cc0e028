// Letters that can be read from where people stand: EN 301 549, 5.1.4 asks for a capital H of 0.7 degrees.

const ANGLE = (0.35 * Math.PI) / 180
const CAPITAL = 0.668 // height of H in Atkinson Hyperlegible Next, in parts of its size

/** The size of text in CSS pixels for a screen of so many inches, seen from so many millimetres. */
export function largeText({ inches, distance, width, height, ratio = 1 }) {
  const pitch = (inches * 25.4) / Math.hypot(width * ratio, height * ratio)
  return (2 * distance * Math.tan(ANGLE)) / pitch / CAPITAL / ratio
}

/** Makes the largest text size at least that large. */
export function fitLargest({ screen_inches: inches, distance_mm: distance }) {
  if (!inches) {
    return
  }
  const wanted = largeText({ inches, distance, width: screen.width, height: screen.height, ratio: devicePixelRatio })
  const body = 24 // the kiosk's text at its usual size
  const factor = Math.min(3, Math.max(1.6, wanted / body))
  document.documentElement.style.setProperty("--k-largest", factor.toFixed(3))
}
