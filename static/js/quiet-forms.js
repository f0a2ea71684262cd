/** Sends forms with `data-quiet` without leaving the page; asks in a dialog where the server asks. */
class QuietForms extends HTMLElement {
  connectedCallback() {
    document.addEventListener("submit", this)
    this.dialog = this.querySelector("dialog")
    this.addEventListener("click", (event) => {
      if (!event.target.closest("[data-close]")) return
      event.preventDefault()
      this.dialog.close()
    })
  }

  async handleEvent(event) {
    const { target: form, submitter } = event
    if (!("quiet" in form.dataset) || this.isSending) return
    event.preventDefault()
    this.isSending = true
    const address = submitter?.hasAttribute("formaction") ? submitter.formAction : form.action
    const answer = await sent(address, new FormData(form, submitter))
    this.isSending = false
    if (answer) this.show(answer)
  }

  show({ page, url }) {
    const question = page.querySelector("[data-question]")
    // The login, most likely; it leads back here.
    if (!question && !page.querySelector("live-view")) return location.assign(url)
    if (question) return this.ask(question)
    if (this.dialog?.open) this.close()
    document.dispatchEvent(new CustomEvent("page:changed", { detail: page }))
  }

  ask(question) {
    const boxes = [...document.querySelectorAll("input[name=document][type=checkbox]")]
    const after = boxes.slice(boxes.findLastIndex((box) => box.checked) + 1)
    this.next = [...after, ...boxes.reverse()].find((box) => !box.checked)?.value
    this.dialog.replaceChildren(document.adoptNode(question))
    this.dialog.showModal()
  }

  /** What was asked about is gone: the focus goes to what came after it. */
  close() {
    this.dialog.close()
    const next = document.getElementById(`open-${this.next}`) ?? document.getElementById("main")
    next.focus()
  }
}

async function sent(address, body) {
  try {
    const answer = await fetch(address, { method: "POST", body })
    return { url: answer.url, page: new DOMParser().parseFromString(await answer.text(), "text/html") }
  } catch {
    const detail = "That could not be sent. Is the connection there? Try again."
    document.dispatchEvent(new CustomEvent("page:problem", { detail }))
    return null
  }
}

customElements.define("quiet-forms", QuietForms)
