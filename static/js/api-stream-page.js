// Shows the events of a stream in a table, newest first, as a browser hears them.

const NAMES = ["status", "progress", "changed", "deleted", "stream-open", "stream-reset", "heartbeat"]
const MOST_ROWS = 200

class LiveEvents extends HTMLElement {
  connectedCallback() {
    this.rows = this.querySelector("[data-events]")
    this.state = this.querySelector("[data-state]")
    this.button = this.querySelector("[data-listen]")
    this.heartbeats = this.querySelector("[data-heartbeats]")
    this.button.addEventListener("click", () => (this.source ? this.stop() : this.listen()))
    this.querySelector("[data-clear]").addEventListener("click", () => this.rows.replaceChildren())
    this.listen()
  }

  disconnectedCallback() {
    this.stop()
  }

  listen() {
    const address = new URL(this.dataset.src, location.href)
    // A new EventSource knows nothing of the last one: go on where that one was.
    if (this.last) address.searchParams.set("lastEventId", this.last)
    this.source = new EventSource(address)
    this.source.onerror = () => this.lost()
    for (const name of NAMES) this.source.addEventListener(name, (event) => this.show(event))
    this.button.textContent = "Stop"
    this.state.textContent = "Connecting…"
  }

  stop() {
    this.source?.close()
    this.source = null
    this.button.textContent = "Listen"
    this.state.textContent = "Not listening."
  }

  lost() {
    const isOver = this.source.readyState === EventSource.CLOSED
    if (isOver) this.stop()
    this.state.textContent = isOver
      ? "The server refused: reload the page, and sign in if asked."
      : "The stream ended; connecting again…"
  }

  show(event) {
    this.last = event.lastEventId
    this.state.textContent = `Listening. Last event: ${this.last}.`
    if (event.type === "heartbeat" && !this.heartbeats.checked) return
    const row = this.rows.insertRow(0)
    for (const text of [event.lastEventId, event.type]) row.insertCell().textContent = text
    const data = document.createElement("pre")
    data.textContent = JSON.stringify(JSON.parse(event.data), null, 2)
    row.insertCell().append(data)
    if (this.rows.rows.length > MOST_ROWS) this.rows.deleteRow(-1)
  }
}

customElements.define("live-events", LiveEvents)
