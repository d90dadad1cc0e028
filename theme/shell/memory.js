// What a visitor has chosen, kept for this visit only.

const KEY = "helpstand-visit"

function all() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? {}
  } catch {
    return {} // Forbidden or broken: nothing was chosen.
  }
}

export function remembered(name, otherwise) {
  return all()[name] ?? otherwise
}

export function remember(name, value) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ ...all(), [name]: value }))
  } catch {
    // It stays so on this page.
  }
}
