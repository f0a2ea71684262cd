/** Sends forms with `data-quiet` without leaving the page; asks in a dialog where the server asks. */
class QuietForms extends HTMLElement {
  sending = new Set()
  answered = 0

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
    if (!("quiet" in form.dataset)) return
    event.preventDefault()
    // Known by its address: meanwhile the form may have been rendered anew.
    const { action } = form
    if (this.sending.has(action)) return
    this.sending.add(action)
    const { answered } = this
    const address = submitter?.hasAttribute("formaction") ? submitter.formAction : action
    const answer = await sent(address, new FormData(form, submitter))
    this.sending.delete(action)
    if (answer) this.show(answer, answered < this.answered)
    this.answered += 1
  }

  show({ page, url }, isOvertaken) {
    const question = page.querySelector("[data-question]")
    // The login, most likely; it leads back here.
    if (!question && !page.querySelector("live-view")) return location.assign(url)
    if (question) return this.ask(question)
    if (this.dialog?.open) this.close()
    // Another answer came meanwhile, and this may be the older one: without its view, the page reads anew.
    if (isOvertaken) page.querySelector("live-view").remove()
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
