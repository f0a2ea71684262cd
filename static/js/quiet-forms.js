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

  show({ page, answer }, isOvertaken) {
    const question = page.querySelector("[data-question]")
    if (question) return this.ask(question)
    // The login leads back here.
    if (answer.redirected && answer.ok && !page.querySelector("live-view")) return location.assign(answer.url)
    if (!page.querySelector("live-view")) return this.complain(answer, page)
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

  /** Says what the page of a refusal says; after a redirect it was done, but cannot be shown. */
  complain({ status, redirected }, page) {
    this.dialog.close() // Nothing behind it would be heard.
    const title = page.querySelector("main h1")?.textContent ?? `The server answered ${status}`
    const why = page.querySelector("main h1 + p")?.textContent ?? ""
    const advice = redirected ? "It was done all the same." : `Nothing was changed.${status === 404 ? "" : " Try again."}`
    const detail = [`${title}.`, why, advice].filter(Boolean).join(" ")
    document.dispatchEvent(new CustomEvent("page:problem", { detail }))
    // Read anew, the page tells that a document is gone, and brings a new token.
    if (redirected || [403, 404].includes(status)) document.dispatchEvent(new CustomEvent("page:changed"))
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
    // A refusal comes as a page, too, instead of as JSON.
    const answer = await fetch(address, { method: "POST", body, headers: { Accept: "text/html" } })
    return { answer, page: new DOMParser().parseFromString(await answer.text(), "text/html") }
  } catch {
    const detail = "That could not be sent. Is the connection there? Try again."
    document.dispatchEvent(new CustomEvent("page:problem", { detail }))
    return null
  }
}

customElements.define("quiet-forms", QuietForms)
