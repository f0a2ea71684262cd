/** Brings what the stream tells onto the page as events of the document, and says when it cannot. */
class StatusStream extends HTMLElement {
  async connectedCallback() {
    for (const type of ["visibilitychange", "page:gone", "page:other-person"]) document.addEventListener(type, this)
    for (const type of ["pageshow", "pagehide"]) addEventListener(type, this)
    this.port = await this.connect()
    this.port.onmessage = ({ data }) => this.receive(data)
    this.greet()
  }

  async connect() {
    const { script, person } = this.dataset
    // Named after the person, so that the next one to sign in never hears of the last one's.
    if ("SharedWorker" in window) return new SharedWorker(script, { name: `stream-${person}`, type: "module" }).port
    const { port1, port2 } = new MessageChannel()
    const { connect } = await import(script)
    connect(port2)
    return port1
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
    this.port?.postMessage({ type: document.hidden ? "bye" : "hello", stream, news, person, cursor })
  }

  receive({ type, state, ...rest }) {
    if (type === "state") this.show(state)
    if (type === "news" && this.dataset.state === "other-person") this.show("live") // The same person again.
    if (type !== "state") document.dispatchEvent(new CustomEvent(`stream:${type}`, { detail: rest.event ?? rest }))
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
