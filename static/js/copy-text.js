/** Copies the text beside its button. */
class CopyText extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button")
    button.hidden = !navigator.clipboard
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(this.querySelector("code").textContent)
      button.textContent = "Copied"
      document.getElementById("announcer").textContent = "Copied"
    })
  }
}

customElements.define("copy-text", CopyText)
