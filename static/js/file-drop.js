/** Takes files that are dropped anywhere on the page, as if they were chosen with the field inside. */
class FileDrop extends HTMLElement {
  connectedCallback() {
    for (const type of ["dragover", "dragleave", "drop"]) addEventListener(type, this)
  }

  disconnectedCallback() {
    for (const type of ["dragover", "dragleave", "drop"]) removeEventListener(type, this)
  }

  handleEvent(event) {
    if (!event.dataTransfer.types.includes("Files")) return
    event.preventDefault() // Otherwise the file replaces the page.
    const hasLeft = event.type === "dragleave" && !event.relatedTarget
    if (event.type !== "dragleave" || hasLeft) this.classList.toggle("drop--over", event.type === "dragover")
    if (event.type !== "drop" || document.querySelector("dialog[open]")) return
    this.take(event.dataTransfer.files)
  }

  take(files) {
    const input = this.querySelector("input[type=file]")
    input.files = files
    input.dispatchEvent(new Event("change", { bubbles: true }))
    this.scrollIntoView({ block: "nearest" })
  }
}

customElements.define("file-drop", FileDrop)
