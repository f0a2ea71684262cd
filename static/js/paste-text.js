/**
 * Text as a document: pasted anywhere on the page it opens the form, and the form sends it as the
 * file that it becomes, by the way of all files. Pasted files are chosen.
 */
class PasteText extends HTMLElement {
  connectedCallback() {
    this.fold = this.querySelector("details")
    this.form = this.querySelector("form")
    this.form.addEventListener("submit", (event) => this.send(event))
    addEventListener("paste", this)
  }

  disconnectedCallback() {
    removeEventListener("paste", this)
  }

  handleEvent(event) {
    if (event.target.closest?.("input, textarea, [contenteditable]") || document.querySelector("dialog[open]")) return
    const { files } = event.clipboardData
    const text = event.clipboardData.getData("text/plain")
    if (!files.length && !text.trim()) return
    event.preventDefault()
    if (files.length) return document.querySelector("file-drop").take(files)
    this.fold.open = true
    this.form.elements.text.value = text
    this.form.elements.text.focus()
  }

  send(event) {
    event.preventDefault()
    const { text, name } = this.form.elements
    const named = name.value.trim() || `${name.placeholder} ${new Date().toLocaleString("sv").replaceAll(":", ".")}`
    const file = new File([text.value], /\.txt$/i.test(named) ? named : `${named}.txt`, { type: "text/plain" })
    document.querySelector("upload-files").sendNow(file)
    this.form.reset()
    this.fold.open = false
  }
}

customElements.define("paste-text", PasteText)
