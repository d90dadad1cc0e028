// A page with one message: it beats like every page of the kiosk, and leads back to the start when nobody needs it any more.

import { after, post } from "./beat.js"

const SAFE = document.body.dataset.kioskSafe !== undefined
const MOST = 30
let beats = 0

async function beat() {
  try {
    const visit = await post("beat", { touched: false })
    beats += 1
    if (!SAFE && (beats > MOST || visit.state === "wipe")) {
      location.replace(document.body.dataset.kioskHome ?? "/")
      return
    }
  } catch (error) {
    if (error.status === 401) {
      return
    }
  }
  after(1000, beat)
}

addEventListener("contextmenu", (event) => event.preventDefault())
addEventListener("dragstart", (event) => event.preventDefault())
beat()
