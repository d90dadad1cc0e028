// Has the kiosk say pieces of text, one after the other. Whatever is pressed or touched stops it at once.

const MOST = 190 // characters said at once: a piece must end before the server's patience does

let turn = 0
let settings = { speed: 150, volume: 80 }
let speaking = false

export function tune(wanted) {
  settings = { ...settings, ...wanted }
}

export function isSpeaking() {
  return speaking
}

async function post(what, body, leaving = false) {
  const answer = await fetch(`/api/speech/${what}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(40_000),
    keepalive: leaving,
  })
  if (!answer.ok) {
    throw new Error(`speech: ${answer.status}`)
  }
  return answer.json()
}

/** Says all pieces; `told(piece)` before each. Gives how many were said to their end. */
export async function say(pieces, told = () => {}) {
  turn += 1
  const mine = turn
  const parts = pieces.flatMap((piece) => parted(piece.text).map((text) => ({ ...piece, text, piece })))
  speaking = parts.length > 0
  try {
    for (const [place, { text, lang, piece }] of parts.entries()) {
      if (mine !== turn) {
        return pieces.indexOf(piece)
      }
      told(piece)
      const next = parts[place + 1]
      const { said, offered } = await post("say", { text, lang, ...settings, next: next?.text, next_lang: next?.lang })
      if (!said && offered !== false) {
        return pieces.indexOf(piece)
      }
    }
    return pieces.length
  } finally {
    if (mine === turn) {
      speaking = false
    }
  }
}

/** Is silent now; `leaving` where the page goes away before the answer can come. */
export function hush(leaving = false) {
  turn += 1
  if (speaking) {
    speaking = false
    post("stop", {}, leaving).catch(() => {}) // Whatever comes next is said in its place anyway.
  }
}

function parted(text) {
  const parts = []
  for (const sentence of text.split(/(?<=[.!?;:،؛؟])\s+/)) {
    for (const words of cut(sentence)) {
      const joined = parts.length ? `${parts.at(-1)} ${words}` : ""
      if (joined && joined.length <= MOST) {
        parts[parts.length - 1] = joined
      } else {
        parts.push(words)
      }
    }
  }
  return parts
}

function cut(sentence) {
  const parts = []
  for (const word of sentence.split(/\s+/).filter(Boolean)) {
    const short = word.slice(0, MOST)
    const joined = parts.length ? `${parts.at(-1)} ${short}` : ""
    if (joined && joined.length <= MOST) {
      parts[parts.length - 1] = joined
    } else {
      parts.push(short)
    }
  }
  return parts
}
