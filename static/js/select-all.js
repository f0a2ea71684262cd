/** Ticks, or unticks, every box of the same name on the page. */
class SelectAll extends HTMLElement {
  connectedCallback() {
    this.hidden = false
    this.box = this.querySelector("input")
    this.box.addEventListener("change", () => {
      for (const box of this.boxes) box.checked = this.box.checked
    })
    document.addEventListener("change", this)
  }

  disconnectedCallback() {
    document.removeEventListener("change", this)
  }

  handleEvent({ target }) {
    if (target.name !== this.dataset.name) return
    const ticked = this.boxes.filter((box) => box.checked).length
    this.box.checked = ticked === this.boxes.length
    this.box.indeterminate = ticked > 0 && !this.box.checked
  }

  get boxes() {
    return [...document.querySelectorAll(`input[name="${this.dataset.name}"]`)]
  }
}

customElements.define("select-all", SelectAll)
