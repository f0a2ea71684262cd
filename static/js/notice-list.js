/** Shows the messages that came with an answer to a quiet form, and says them. */
const LONG_ENOUGH = 8_000 // for good news that the page itself shows anyway

class NoticeList extends HTMLElement {
  connectedCallback() {
    document.addEventListener("page:changed", ({ detail }) => detail && this.show([...detail.querySelectorAll(".notices > .notice")]))
    document.addEventListener("page:problem", ({ detail }) => this.show([problem(detail)]))
    this.addEventListener("click", ({ target }) => target.closest("[data-dismiss]") && this.dismiss())
  }

  show(notices) {
    if (!notices.length) return
    this.replaceChildren(...notices.map((notice) => document.adoptNode(notice)))
    // The bar of ticked documents goes with the last tick, and the focus would go with it.
    const { activeElement: focused } = document
    if (focused === document.body || focused.closest(".bulk")) this.querySelector(".notice--undo button")?.focus({ preventScroll: true })
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.querySelector(".notice--success")?.remove(), LONG_ENOUGH)
    const said = notices.filter((notice) => notice.getAttribute("role") !== "alert")
    const detail = said.map((notice) => notice.textContent).join(" ")
    if (detail) document.dispatchEvent(new CustomEvent("page:announce", { detail }))
  }

  dismiss() {
    this.replaceChildren()
    document.getElementById("main").focus({ preventScroll: true })
  }
}

function problem(words) {
  const notice = document.createElement("p")
  notice.className = "notice notice--error"
  notice.setAttribute("role", "alert")
  notice.textContent = words
  return notice
}

customElements.define("notice-list", NoticeList)
