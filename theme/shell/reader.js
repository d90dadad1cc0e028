// Turns what the screen shows into pieces that can be said: headings, lines, steps, pictures by their words, and choices with their digits.

const SKIP = [
  "[aria-hidden=true]", "[hidden]", "script", "style", "template", "svg", "form.search", ".crumbs", ".in-languages", ".k-keys", ".k-osk",
  ".skip", ".k-hidden", "[data-zoom-open]", ".code", "[data-unspoken]",
].join(", ")

export function fill(pattern, values) {
  return (pattern ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole)
}

function tidy(text) {
  return text.replace(/\s+/g, " ").trim()
}

function visible(element) {
  return element.getClientRects().length > 0 && (element.checkVisibility?.({ visibilityProperty: true }) ?? true)
}

function langOf(element) {
  return element.closest("[lang]")?.lang || document.documentElement.lang
}

/** What is on top: a dialog, the results of a search, or the page. */
export function screenOf() {
  const dialog = [...document.querySelectorAll("dialog[open]")].at(-1)
  return dialog ?? document.querySelector(".search-panel.search-open, .search-page.search-open") ?? document.querySelector("main") ?? document.body
}

export function nameOf(choice) {
  if (choice.matches(".field, input, select, textarea")) {
    const field = choice.matches(".field") ? choice.querySelector("input") : choice
    return tidy(field.getAttribute("aria-label") || field.labels?.[0]?.innerText || field.placeholder || field.name)
  }
  const words = choice.getAttribute("aria-label") || choice.innerText || choice.querySelector("img")?.alt || ""
  return tidy(words.replace(/\s*\n+\s*/g, ", "))
}

function besides(choice) {
  const result = choice.closest(".search-result")
  return result ? [...result.querySelectorAll(".search-where, .search-passage")].map((line) => tidy(line.innerText)).join(". ") : ""
}

export class Screen {
  /** Reads one screen; `words` are the kiosk's own, `keys` tells whether digits are of use to this visitor. */
  constructor(root, words, keys) {
    this.root = root
    this.words = words
    this.keys = keys
    this.pieces = []
    this.prefix = ""
    this.line = ""
    this.from = root
    this.pending = []
    this.steps = [...root.querySelectorAll(".steps ol > li")].filter((step) => !step.parentElement.closest("li"))
    this.walk(root)
    this.flush()
  }

  add(text, element, choice = false) {
    const said = tidy(this.prefix + text).replace(/([.?!…؟])[.:]$/, "$1")
    this.prefix = ""
    if (said) {
      this.pieces.push({ text: said, lang: langOf(element), element, choice })
    }
  }

  flush() {
    const line = tidy(this.line)
    this.line = ""
    if (line) {
      this.add(line, this.from)
    }
    for (const choice of this.pending.splice(0)) {
      this.choice(choice)
    }
  }

  choice(element) {
    const digit = element.dataset.digit
    const name = nameOf(element)
    if (!name || (this.keys && !digit)) {
      return
    }
    this.prefix = ""
    this.add(this.keys ? fill(this.words.choice, { digit, name }) : `${name}.`, element, true)
    const rest = besides(element)
    if (rest) {
      this.add(rest, element)
    }
  }

  walk(node) {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) {
        this.line += child.data
        this.from = node
      } else if (child.nodeType === Node.ELEMENT_NODE) {
        this.element(child)
      }
    }
  }

  element(one) {
    if (one.matches("form.search")) {
      const field = one.querySelector("[data-digit]")
      if (field) {
        this.flush()
        this.choice(field)
      }
      const panel = one.querySelector(".search-panel.search-open")
      if (panel) {
        this.walk(panel)
      }
      return
    }
    if (one.matches(SKIP) || !visible(one)) {
      return
    }
    if (one.matches("br")) {
      this.line += " "
    } else if (one.matches("img")) {
      this.picture(one)
    } else if (one.matches("a[href], button, summary, input, select, textarea")) {
      this.pressable(one)
    } else if (getComputedStyle(one).display.startsWith("inline")) {
      this.walk(one)
    } else {
      this.block(one)
    }
  }

  picture(one) {
    if (one.alt && one.alt !== document.querySelector("h1")?.innerText && !one.closest(".choice")) {
      this.flush()
      this.add(fill(this.words.picture, { text: one.alt.replace(/\.$/, "") }), one)
    }
  }

  pressable(one) {
    if (this.line.trim() && getComputedStyle(one).display.startsWith("inline")) {
      this.line += one.innerText // In a sentence: the sentence first, then what can be pressed in it.
      this.pending.push(one)
      return
    }
    this.flush()
    if (one.matches(".search-title") || one.innerText || one.matches("input, select, textarea") || one.getAttribute("aria-label")) {
      this.pending.push(one)
    }
  }

  block(one) {
    this.flush()
    const step = this.steps.indexOf(one)
    if (step >= 0) {
      this.prefix = `${fill(this.words.step, { n: step + 1, count: this.steps.length })} `
    }
    if (one.matches("dt")) {
      this.prefix = `${tidy(one.innerText)}: `
      return
    }
    if (one.matches(".search-where, .search-passage")) {
      return // Said with the result that they belong to.
    }
    const label = one.matches("[role=note][aria-label]") ? one.getAttribute("aria-label") : ""
    if (label) {
      this.add(`${label}.`, one)
    }
    if (!(one.matches(".admonition-title") && one.parentElement.matches("[aria-label]"))) {
      this.walk(one)
    }
    this.flush()
    this.prefix = ""
  }
}
