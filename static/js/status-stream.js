/** Brings what the stream tells onto the page as events of the document, and says when it cannot. */
class StatusStream extends HTMLElement {
  async connectedCallback() {
    for (const type of ["visibilitychange", "page:gone"]) document.addEventListener(type, this)
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
    else if (type === "pagehide") this.port?.postMessage({ type: "bye" })
    else this.greet()
  }

  greet() {
    const { stream, news } = this.dataset
    const { cursor } = document.querySelector("live-view").dataset // It moves on with each reading.
    this.port?.postMessage({ type: document.hidden ? "bye" : "hello", stream, news, cursor })
  }

  receive({ type, state, ...rest }) {
    if (type === "state") this.show(state)
    else document.dispatchEvent(new CustomEvent(`stream:${type}`, { detail: rest.event ?? rest }))
  }

  show(state) {
    if (this.dataset.state === "deleted") return
    this.dataset.state = state
    const words = this.querySelector(`template[data-state="${state}"]`)
    for (const shown of this.querySelectorAll(":scope > p")) shown.remove()
    if (words) this.append(words.content.cloneNode(true))
  }
}

customElements.define("status-stream", StatusStream)
