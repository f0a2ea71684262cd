/** Tells those who cannot see it what has finished: politely, and once in two seconds at most. */
const PAUSE = 2_000

class LiveAnnouncer extends HTMLElement {
  waiting = []

  connectedCallback() {
    document.addEventListener("stream:event", ({ detail }) => this.hear(detail))
    document.addEventListener("page:announce", ({ detail }) => this.announce(detail))
  }

  hear({ event, status, filename, replayed }) {
    if (event !== "status" || replayed || document.hidden) return
    if (["completed", "failed"].includes(status)) this.announce(`${filename}: ${status}`)
  }

  announce(words) {
    this.waiting.push(words)
    if (!this.timer) this.tell()
  }

  tell() {
    this.timer = this.waiting.length ? setTimeout(() => this.tell(), PAUSE) : null
    if (this.waiting.length) this.textContent = this.waiting.splice(0).join(". ")
  }
}

customElements.define("live-announcer", LiveAnnouncer)
