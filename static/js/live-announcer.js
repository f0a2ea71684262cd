/** Tells those who cannot see it what has finished: politely, and a crowd in one sentence. */
const MOMENT = 1_000 // in which a crowd gathers
const PAUSE = 5_000 // from one sentence to the next, so that each can be heard to its end
const MOST_NAMES = 3

class LiveAnnouncer extends HTMLElement {
  waiting = []
  finished = new Map()
  free = 0

  connectedCallback() {
    document.addEventListener("stream:event", ({ detail }) => this.hear(detail))
    document.addEventListener("page:announce", ({ detail }) => this.announce(detail))
  }

  hear({ event, status, document_id, filename, replayed }) {
    if (event !== "status" || replayed || document.hidden) return
    if (!["completed", "failed"].includes(status)) return
    this.finished.set(document_id, { filename, status })
    this.tellSoon()
  }

  announce(words) {
    this.waiting.push(words)
    this.tellSoon()
  }

  tellSoon() {
    this.timer ??= setTimeout(() => this.tell(), Math.max(MOMENT, this.free - Date.now()))
  }

  tell() {
    this.textContent = [...this.waiting.splice(0), ...inWords([...this.finished.values()])].join(". ")
    this.finished.clear()
    this.timer = null
    this.free = Date.now() + PAUSE
  }
}

function inWords(finished) {
  if (finished.length <= MOST_NAMES) return finished.map(({ filename, status }) => `${filename}: ${status}`)
  const counts = ["completed", "failed"].map((status) => [finished.filter((each) => each.status === status).length, status])
  const parts = counts.filter(([count]) => count).map(([count, status]) => `${count} ${status}`)
  return [`${finished.length} documents finished: ${parts.join(", ")}.`]
}

customElements.define("live-announcer", LiveAnnouncer)
