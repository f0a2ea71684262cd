/** Ticks, or unticks, every box of the same name on the page. */
class SelectAll extends HTMLElement {
  connectedCallback() {
    this.hidden = false
    this.box = this.querySelector("input")
    this.box.addEventListener("change", () => {
      for (const box of this.boxes) box.checked = this.box.checked
    })
    for (const type of ["change", "view:shown"]) document.addEventListener(type, this)
    this.count()
  }

  disconnectedCallback() {
    for (const type of ["change", "view:shown"]) document.removeEventListener(type, this)
  }

  handleEvent({ type, target }) {
    if (type === "view:shown" || target.name === this.dataset.name) this.count()
  }

  count() {
    const { boxes } = this
    const ticked = boxes.filter((box) => box.checked).length
    this.box.checked = ticked > 0 && ticked === boxes.length
    this.box.indeterminate = ticked > 0 && ticked < boxes.length
  }

  get boxes() {
    // Forms that restore documents name them in hidden fields.
    return [...document.querySelectorAll(`input[type="checkbox"][name="${this.dataset.name}"]`)]
  }
}

customElements.define("select-all", SelectAll)
