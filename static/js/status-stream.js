/** Brings what the stream tells onto the page as events of the document, and says when it cannot. */
const FIRST_WORD = 5_000 // within which whoever keeps the stream must answer at all
const SILENCE = 30_000 // between two words of a shared stream that lives; it asks for news more often
const AGAIN = 5_000 // until another try where not even the script could be had

class StatusStream extends HTMLElement {
  connectedCallback() {
    for (const type of ["visibilitychange", "page:gone", "page:other-person", "page:awaits"]) document.addEventListener(type, this)
    for (const type of ["pageshow", "pagehide"]) addEventListener(type, this)
    if ("SharedWorker" in window) this.share()
    else this.listenAlone()
  }

  /** The one stream of this browser; should its script not load, or it fall silent, one of this page. */
  share() {
    const { script, person } = this.dataset
    // Named after the person, so that the next one to sign in never hears of the last one's.
    const worker = new SharedWorker(script, { name: `stream-${person}`, type: "module" })
    worker.onerror = () => this.listenAlone()
    this.listen(worker.port)
  }

  async listenAlone() {
    if (this.isAlone) return
    this.isAlone = true
    try {
      const { connect } = await import(this.dataset.script + (this.tries ? `?try=${this.tries}` : ""))
      const { port1, port2 } = new MessageChannel()
      connect(port2)
      this.listen(port1)
    } catch {
      this.isAlone = false
      this.tries = (this.tries ?? 0) + 1 // A browser may remember that it failed.
      this.show("lost")
      setTimeout(() => this.listenAlone(), AGAIN)
    }
  }

  listen(port) {
    this.port?.postMessage({ type: "bye" })
    this.port = port
    port.onmessage = ({ data }) => this.receive(data)
    this.greet()
  }

  handleEvent({ type }) {
    if (type === "page:gone") this.show("deleted")
    else if (type === "page:other-person") this.show("other-person")
    else if (type === "pagehide") this.port?.postMessage({ type: "bye" })
    else this.greet()
  }

  greet() {
    const { stream, news, person } = this.dataset
    const { cursor } = document.querySelector("live-view").dataset // It moves on with each reading.
    const isWatched = !document.hidden || "awaits" in this.dataset
    this.port?.postMessage({ type: isWatched ? "hello" : "bye", stream, news, person, cursor })
    this.expect(FIRST_WORD, () => this.listenAlone())
  }

  /** "No word yet" is a state with an end; a page that slept asks once more. */
  expect(within, orElse) {
    clearTimeout(this.deadline)
    if (!this.isAlone) this.deadline = setTimeout(orElse, within)
  }

  receive({ type, state, ...rest }) {
    this.expect(SILENCE, () => !document.hidden && this.greet())
    if (type === "state") this.show(state)
    if (type === "news" && this.dataset.state === "other-person") this.show("live") // The same person again.
    if (["event", "news", "changed"].includes(type)) document.dispatchEvent(new CustomEvent(`stream:${type}`, { detail: rest.event ?? rest }))
  }

  show(state) {
    if (this.dataset.state === "deleted") return
    this.dataset.state = state
    const words = this.querySelector(`template[data-state="${state}"]`)
    for (const shown of this.querySelectorAll(":scope > p")) shown.remove()
    if (words) this.append(words.content.cloneNode(true))
    this.stop(state)
  }

  /** What cannot be true any more, or would be done as somebody else, is not offered. */
  stop(state) {
    const isOver = ["deleted", "other-person"].includes(state)
    for (const part of this.parentElement.children) if (part !== this) part.inert = isOver
    if (state !== "deleted") return
    document.title = "Deleted · ATOM"
    for (const timer of document.querySelectorAll("elapsed-time")) timer.remove()
  }
}

customElements.define("status-stream", StatusStream)
