/** Counts on from the seconds the server gave; its clock, not this machine's, said when it began. */
class ElapsedTime extends HTMLElement {
  connectedCallback() {
    const begin = performance.now() - 1000 * Number(this.dataset.seconds)
    // In a shadow tree, so that the page still equals what the server sent.
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" })
    const show = () => {
      root.textContent = `, ${inWords(Math.floor((performance.now() - begin) / 1000))} so far`
    }
    show()
    this.timer = setInterval(show, 1000)
  }

  disconnectedCallback() {
    clearInterval(this.timer)
  }
}

function inWords(seconds) {
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

customElements.define("elapsed-time", ElapsedTime)
