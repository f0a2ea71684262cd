/**
 * Shows the page a quote stands on beside the analysis, instead of on the page its link leads to.
 * Where the window has room it is a pane, which takes no focus away; elsewhere a sheet over the page.
 */
import { choose, chosen } from "./view-choices.js"

const WIDE = matchMedia("(min-width: 1100px)")
const PANE = "page-pane" // a cookie: "closed" once somebody closed it

class PageReader extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog")
    this.heading = this.querySelector("h2")
    this.dialog.addEventListener("close", () => this.isMoving || this.comeBack())
    for (const type of ["click", "keydown", "view:shown"]) document.addEventListener(type, this)
    WIDE.addEventListener("change", this)
    this.openFirst()
  }

  disconnectedCallback() {
    for (const type of ["click", "keydown", "view:shown"]) document.removeEventListener(type, this)
    WIDE.removeEventListener("change", this)
  }

  handleEvent(event) {
    if (event.type === "click") this.click(event)
    else if (event.type === "keydown") this.press(event)
    else if (event.type === "change") this.move()
    else this.tellPlace()
  }

  click(event) {
    if (event.target.closest("[data-close]") || event.target.matches("dialog.sheet:modal")) return this.close()
    const step = event.target.closest("[data-quote]")?.dataset.quote
    if (step) return this.turn(Number(step))
    const link = event.target.closest("a[data-read]")
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    this.open(link.href, link)
  }

  press(event) {
    if (!this.dialog.open || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === "Escape" && !document.querySelector("dialog:modal")) return this.close()
    const step = { n: 1, p: -1 }[event.key]
    if (step && this.contains(event.target)) this.turn(step)
  }

  /** Of a document that has looks, the first page stands beside it from the beginning. */
  openFirst() {
    // Whoever comes from a search comes for this page.
    const found = document.querySelector("a[data-read][data-open]")
    if (found && !this.dialog.open) {
      found.focus({ preventScroll: true }) // Where the focus is to be when the sheet is closed.
      return this.open(found.href, found)
    }
    const { first } = this.dataset
    if (first && WIDE.matches && chosen(PANE) !== "closed") this.open(first)
  }

  async open(address, opener) {
    if (opener && !this.contains(opener)) this.opener = opener
    this.asked = address
    const answer = await fetch(address).catch(() => null)
    const page = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html")
    if (this.asked !== address) return // Another one was asked for meanwhile.
    const view = page && page.querySelector("[data-sheet]")
    // The login, or nothing at all: the link itself says it best.
    if (!view) return opener && location.assign(address)
    if (opener) choose(PANE, "open")
    this.address = address
    this.heading.textContent = page.querySelector("h1").textContent
    const turned = this.contains(document.activeElement) && document.activeElement.rel
    const isNew = !this.dialog.open
    if (isNew) this.appear() // First, as the view asks how much room it has.
    this.querySelector(".sheet__body").replaceChildren(document.adoptNode(view))
    if (!isNew && turned) (this.querySelector(`[rel=${turned}]`) ?? this.heading).focus()
    this.tellPlace()
    this.scrollToMark()
  }

  appear() {
    // `show` would move the focus into the pane, away from what somebody reads.
    if (WIDE.matches) this.dialog.setAttribute("open", "")
    else {
      this.dialog.showModal()
      this.heading.focus()
    }
  }

  /** The window became wide, or narrow: the same page as a pane, or put away. */
  move() {
    if (!this.dialog.open) return this.openFirst()
    this.isMoving = true
    const wasAsked = this.dialog.matches(":modal")
    this.dialog.close()
    if (wasAsked || this.opener) this.appear()
    setTimeout(() => (this.isMoving = false))
  }

  close() {
    if (!this.dialog.matches(":modal")) choose(PANE, "closed")
    this.dialog.close()
  }

  scrollToMark() {
    const body = this.querySelector(".sheet__body")
    const mark = this.querySelector("mark")?.getBoundingClientRect()
    const { top } = body.getBoundingClientRect()
    body.scrollTop = mark?.height ? body.scrollTop + mark.top - top - body.clientHeight / 3 : 0
  }

  // Quotes, in the order in which they stand in the analysis, or the pages a search found.

  get isFinding() {
    return /[?&]find=/.test(this.address)
  }

  links() {
    const kind = this.isFinding ? "find=" : "quote="
    const all = document.querySelectorAll(`a[data-read][href*="${kind}"]`)
    return [...all].filter((link) => !this.contains(link) && link.checkVisibility?.() !== false)
  }

  turn(step) {
    const links = this.links()
    const at = links.findIndex(({ href }) => href === this.address)
    const next = links.slice(step > 0 ? at + 1 : 0, step > 0 ? undefined : Math.max(at, 0))
    const link = (step > 0 ? next : next.reverse()).find(({ href }) => href !== this.address)
    if (link) this.open(link.href, link)
  }

  /** Which of them is shown: "2 of 9", and marked in the analysis. */
  tellPlace() {
    const addresses = [...new Set(this.links().map(({ href }) => href))]
    const at = addresses.indexOf(this.address)
    const [one, many] = this.isFinding ? ["page found", "pages found"] : ["quote", "quotes"]
    const all = `${addresses.length} ${addresses.length === 1 ? one : many}`
    this.querySelector("[data-place]").textContent = at < 0 ? all : `${at + 1} of ${addresses.length}`
    for (const button of this.querySelectorAll("[data-quote]")) {
      const step = button.dataset.quote > 0 ? ["Next", "n"] : ["Previous", "p"]
      button.ariaLabel = `${step[0]} ${one}`
      button.title = `${button.ariaLabel} (${step[1]})`
    }
    this.querySelector(".sheet__quotes").hidden = !addresses.length
    for (const link of this.links()) {
      if (link.href === this.address && this.dialog.open) link.setAttribute("aria-current", "true")
      else link.removeAttribute("aria-current")
    }
  }

  /** The link that opened it may have been rendered anew: the focus goes to its successor. */
  comeBack() {
    this.tellPlace()
    if (!this.opener) return
    const same = this.opener.isConnected ? this.opener : this.links().find(({ href }) => href === this.opener.href)
    for (const element of [same, document.getElementById("analysis-heading"), document.getElementById("main")]) {
      element?.focus()
      if (element && element === document.activeElement) return
    }
  }
}

customElements.define("page-reader", PageReader)
