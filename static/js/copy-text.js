/** Copies the text beside its button, or what its address gives. */
class CopyText extends HTMLElement {
  connectedCallback() {
    this.querySelector("button").addEventListener("click", () => this.copy())
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(await this.text())
      this.tell("Copied")
    } catch {
      this.tell("Copying failed")
    }
  }

  async text() {
    if (!this.dataset.url) return this.querySelector("code").textContent
    const answer = await fetch(this.dataset.url)
    if (!answer.ok) throw new Error(answer.statusText)
    return answer.text()
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
