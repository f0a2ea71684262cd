/** One page, as a picture or as text: tabs, zoom, and the boxes of quotes over the picture. */
import { choose, chosen } from "./view-choices.js"

const ZOOMS = [1, 1.5, 2, 3]
const NARROW = 480
const BUSY = [1_500, 4_000] // milliseconds until a picture is asked for again

class PageView extends HTMLElement {
  connectedCallback() {
    this.sheet = this.querySelector(".picture__sheet")
    if (!this.sheet) return
    this.image = this.sheet.querySelector(".picture__page")
    this.sheet.querySelector("noscript")?.remove()
    this.addEventListener("click", this)
    this.addEventListener("keydown", this)
    this.image.addEventListener("error", () => this.miss())
    this.show(chosen("page-view") ?? "picture")
    this.zoom(Number(chosen("page-zoom") ?? this.legible))
    this.mark()
  }

  /** On a narrow screen a quote is shown so large that it can be read, not the whole page. */
  get legible() {
    return this.room < NARROW && this.sheet.querySelector("[data-marks]") ? 2 : 0
  }

  get room() {
    return this.clientWidth || innerWidth
  }

  handleEvent(event) {
    if (event.type === "keydown") return this.press(event)
    const button = event.target.closest("button")
    if (button?.dataset.show) this.choose(button.dataset.show)
    if (button?.dataset.zoom) this.chooseZoom(Number(button.dataset.zoom))
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const step = { "+": 1, "=": 1, "-": -1, 0: -this.step }[event.key]
    if (step !== undefined) this.chooseZoom(step)
    // Where the picture is wider than its frame, arrows move it.
    const turn = { ArrowLeft: "prev", ArrowRight: "next" }[event.key]
    if (!turn || event.target.scrollWidth > event.target.clientWidth) return
    event.preventDefault()
    this.querySelector(`[rel=${turn}]`)?.click()
  }

  choose(name) {
    choose("page-view", name)
    this.show(name)
    if (name === "text") this.querySelector("mark")?.scrollIntoView({ block: "nearest" })
  }

  show(name) {
    for (const panel of this.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== name
    for (const tab of this.querySelectorAll(".page-view__tab")) tab.setAttribute("aria-pressed", tab.dataset.show === name)
    this.querySelector(".page-view__zoom").hidden = name !== "picture"
  }

  chooseZoom(change) {
    this.zoom(this.step + change)
    choose("page-zoom", this.step)
  }

  zoom(step) {
    this.step = Math.max(0, Math.min(ZOOMS.length - 1, step))
    this.sheet.style.setProperty("--zoom", ZOOMS[this.step])
    // The browser takes the larger picture as soon as it is shown so large.
    if (this.step) this.image.sizes = `${Math.round(this.room * ZOOMS[this.step])}px`
    const [less, more] = this.querySelectorAll("[data-zoom]")
    less.setAttribute("aria-disabled", this.step === 0)
    more.setAttribute("aria-disabled", this.step === ZOOMS.length - 1)
    this.bringToView()
  }

  async mark() {
    const place = this.sheet.querySelector("[data-marks]")
    const answer = place && (await fetch(place.dataset.marks).catch(() => null))
    if (!answer?.ok || answer.redirected) return
    const { documentElement: marks } = new DOMParser().parseFromString(await answer.text(), "image/svg+xml")
    this.querySelector("[data-unmarked]").hidden = marks.dataset.missing === "0" || this.isUndrawn
    place.replaceWith(document.adoptNode(marks))
    this.bringToView()
    this.image.addEventListener("load", () => this.bringToView(), { once: true })
  }

  /** Within its frame only: what else is read on the page stays where it is. */
  bringToView() {
    const box = this.sheet.querySelector("rect")?.getBoundingClientRect()
    if (!box) return
    const frame = this.sheet.parentElement
    const { left, top } = frame.getBoundingClientRect()
    frame.scrollTop += box.top - top - (frame.clientHeight - box.height) / 2
    frame.scrollLeft += box.left - left - (frame.clientWidth - box.width) / 2
  }

  /** A busy server is asked again; of a page that cannot be drawn the text has to do. */
  async miss() {
    this.tries = (this.tries ?? -1) + 1
    const answer = await fetch(this.image.currentSrc).catch(() => null)
    const isBusy = !answer || answer.ok || answer.status === 503
    if (isBusy && this.tries < BUSY.length) return setTimeout(() => (this.image.srcset += ""), BUSY[this.tries])
    this.isUndrawn = true
    for (const name of ["[data-unmarked]", ".page-view__tabs"]) this.querySelector(name).hidden = true
    this.querySelector("[data-undrawn]").hidden = false
    this.show("text")
  }
}

customElements.define("page-view", PageView)
