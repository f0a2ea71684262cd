/** Copies the text beside its button, or what its address gives. */
class CopyText extends HTMLElement {
  connectedCallback() {
    // Begun inside the click: after the first `await`, WebKit takes the gesture for over.
    this.querySelector("button").addEventListener("click", () => this.report(this.copy()))
  }

  /** The text may come later: the clipboard takes the promise of it. */
  copy() {
    const text = this.text()
    try {
      const blob = text.then((words) => new Blob([words], { type: "text/plain" }))
      blob.catch(() => {}) // Whoever writes it tells.
      return navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })])
    } catch {
      // No `ClipboardItem`, or none that takes a promise: Firefox before 127.
      return text.then((words) => navigator.clipboard.writeText(words))
    }
  }

  async text() {
    if (!this.dataset.url) return this.querySelector("code").textContent
    const answer = await fetch(this.dataset.url)
    if (!answer.ok) throw new Error(answer.statusText)
    return answer.text()
  }

  async report(copied) {
    this.tell(await copied.then(() => "Copied", () => "Copying failed"))
  }

  tell(words) {
    this.dataset.said = words // Shown by the style sheet: the page stays as the server sent it.
    clearTimeout(this.timer)
    this.timer = setTimeout(() => delete this.dataset.said, 3000)
    document.dispatchEvent(new CustomEvent("page:announce", { detail: words }))
  }
}

// Browsers give the clipboard to https and to this machine only; elsewhere the button stays hidden.
if (navigator.clipboard) customElements.define("copy-text", CopyText)
