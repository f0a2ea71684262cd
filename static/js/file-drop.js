/** Takes files that are dropped on it, as if they were chosen with the field inside. */
class FileDrop extends HTMLElement {
  connectedCallback() {
    for (const type of ["dragover", "dragleave", "drop"]) this.addEventListener(type, this)
    // A file that misses must not replace the page.
    for (const type of ["dragover", "drop"]) window.addEventListener(type, (event) => event.preventDefault())
  }

  handleEvent(event) {
    if (!event.dataTransfer.types.includes("Files")) return
    event.preventDefault()
    this.classList.toggle("drop--over", event.type === "dragover")
    if (event.type !== "drop") return
    const input = this.querySelector("input[type=file]")
    input.files = event.dataTransfer.files
    input.dispatchEvent(new Event("change", { bubbles: true }))
  }
}

customElements.define("file-drop", FileDrop)
