/** Opens the page a quote stands on beside the analysis, instead of on the page its link leads to. */
class PageReader extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog")
    this.dialog.addEventListener("close", () => this.opener?.isConnected || this.comeBack())
    document.addEventListener("click", this)
  }

  disconnectedCallback() {
    document.removeEventListener("click", this)
  }

  handleEvent(event) {
    if (event.target.closest("[data-close]") || event.target === this.dialog) this.dialog.close()
    const link = event.target.closest("a[data-read]")
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    this.open(link)
  }

  async open(link) {
    const answer = await fetch(link.href).catch(() => null)
    const page = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html")
    const parts = page ? [...page.querySelectorAll("[data-sheet]")] : []
    // The login, or nothing at all: the link itself says it best.
    if (!parts.length) return location.assign(link.href)
    this.querySelector("h2").textContent = page.querySelector("h1").textContent
    this.querySelector(".sheet__body").replaceChildren(...parts.map((part) => document.adoptNode(part)))
    if (!this.dialog.open) {
      this.opener = link
      this.dialog.showModal()
    }
    this.querySelector("h2").focus()
    this.querySelector("mark")?.scrollIntoView({ block: "center" })
  }

  /** The link that opened it was rendered anew meanwhile: the focus goes to its successor. */
  comeBack() {
    const links = [...document.querySelectorAll("a[data-read]")].filter((link) => !this.contains(link))
    const same = links.find(({ href }) => href === this.opener?.href)
    for (const element of [same, document.getElementById("analysis-heading"), document.getElementById("main")]) {
      element?.focus()
      if (element && element === document.activeElement) return
    }
  }
}

customElements.define("page-reader", PageReader)
