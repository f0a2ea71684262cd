/**
 * A notice of the system when documents of this page are finished and nobody looks at it: for
 * whoever asked for it here. Until then the stream goes on behind a hidden tab.
 */
class FinishNotice extends HTMLElement {
  connectedCallback() {
    if (!("Notification" in window) || Notification.permission === "denied") return
    this.box = this.querySelector("input")
    this.box.checked = isWanted()
    this.box.addEventListener("change", () => this.choose())
    document.addEventListener("page:unfinished", ({ detail }) => this.follow(detail))
    document.addEventListener("stream:event", ({ detail }) => this.hear(detail))
  }

  async choose() {
    // Asked inside the click: browsers ask their user for nothing else.
    if (this.box.checked) this.box.checked = (await Notification.requestPermission()) === "granted"
    const age = this.box.checked ? 365 * 24 * 3600 : 0
    document.cookie = `notify=on; path=/; max-age=${age}; samesite=lax`
    this.follow(this.unfinished)
  }

  follow(unfinished) {
    this.unfinished = unfinished
    this.hidden = !unfinished
    const stream = document.querySelector("status-stream")
    const isAwaiting = unfinished > 0 && isWanted()
    if (isAwaiting === "awaits" in stream.dataset) return
    stream.toggleAttribute("data-awaits", isAwaiting)
    document.dispatchEvent(new CustomEvent("page:awaits"))
  }

  hear({ event, status, filename, document_id: id, replayed }) {
    if (event !== "status" || replayed || !document.hidden || !isWanted()) return
    if (!["completed", "failed"].includes(status)) return
    const notice = new Notification(`${filename}: ${status}`, { tag: `atom-${id}` })
    notice.onclick = () => {
      window.focus()
      notice.close()
    }
  }
}

function isWanted() {
  return "Notification" in window && Notification.permission === "granted" && /(?:^|; )notify=on(?:;|$)/.test(document.cookie)
}

customElements.define("finish-notice", FinishNotice)
