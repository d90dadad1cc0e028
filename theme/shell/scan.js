// A code that was scanned opens the page that it means, from every screen.

export async function scanned(code, { lang, opened, unknown }) {
  let answer
  try {
    answer = await fetch(`/api/scan?${new URLSearchParams({ code, lang })}`, { signal: AbortSignal.timeout(5000) })
  } catch {
    unknown()
    return
  }
  if (!answer.ok) {
    unknown()
    return
  }
  const { url } = await answer.json()
  opened(url)
}
