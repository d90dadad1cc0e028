// How a page of the kiosk talks to it: small POST requests that always end, and a clock that proves that the page paints.

export async function post(what, body = {}) {
  const answer = await fetch(`/api/visit/${what}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(3000), // without keepalive: WebKitGTK keeps a thread for each that the wipe overtakes
  })
  if (!answer.ok) {
    throw Object.assign(new Error(what), { status: answer.status })
  }
  return answer.json()
}

export function after(milliseconds, call) {
  // Through an animation frame: a page that no longer paints no longer beats.
  setTimeout(() => requestAnimationFrame(call), milliseconds)
}
