/** Asks in a dialog on the page, instead of on the page its link leads to. */
class ConfirmDialog extends HTMLElement {
  connectedCallback() {
    this.querySelector("a").addEventListener("click", (event) => {
      event.preventDefault()
      this.querySelector("dialog").showModal()
    })
  }
}

customElements.define("confirm-dialog", ConfirmDialog)
