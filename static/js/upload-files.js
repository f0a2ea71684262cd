/**
 * Sends the chosen files one by one, in their order, each with its own progress and verdict.
 * What the server would refuse by name or size is refused before a byte is sent.
 */
import { ChosenFile } from "./chosen-file.js"
import { ResumableFile } from "./resumable-file.js"

const WAITS = [1_000, 3_000, 6_000] // before sending once more what may not have arrived
// In a form they become %22, %0D and %0A, as other names have them from the start.
const CHANGED_IN_FORMS = /["\r\n]/
const FEW = 3 // files whose lines stay after they arrived
const NOT_NOW = [423, 429] // another request has it, a full line, too many requests
const NO_ANSWER = [0, 502, 503, 504] // of ours, that is: the connection or a proxy failed

class UploadFiles extends HTMLElement {
  entries = []

  connectedCallback() {
    this.form = this.querySelector("form")
    this.input = this.querySelector("input[type=file]")
    this.list = this.querySelector("ul.sendings")
    this.sent = this.querySelector("details")
    this.button = this.form.querySelector("button[type=submit]")
    this.label = this.button.querySelector("span")
    this.said = this.label.textContent
    this.input.required = false
    this.input.addEventListener("change", () => this.choose([...this.input.files]))
    this.form.addEventListener("submit", (event) => this.submit(event))
    this.addEventListener("sending:ready", () => this.isSending || this.form.requestSubmit())
    addEventListener("beforeunload", (event) => this.isSending && event.preventDefault())
  }

  /** What has become of no document yet, and may still. */
  get unsent() {
    return this.entries.filter(({ state }) => ["ready", "unsent"].includes(state))
  }

  choose(files) {
    this.input.value = "" // Choosing again adds to what was chosen.
    this.alert("")
    if (!this.isSending) this.forgetFinished()
    const refused = files.filter((file) => !this.add(file)).length
    if (refused) this.alert(`${refused === 1 ? "1 file" : `${refused} files`} will not be sent; see why beside each name.`)
    this.show()
  }

  add(file) {
    const { maxBytes, library, endpoint } = this.dataset
    const template = this.querySelector("template")
    const isInPieces = file.size > Number(maxBytes) || CHANGED_IN_FORMS.test(file.name)
    const entry = isInPieces ? new ResumableFile(file, template, { library, endpoint }) : new ChosenFile(file, template)
    const why = this.refusal(file)
    entry.remove.addEventListener("click", () => this.forget(entry))
    entry.become(why ? "refused" : "ready", why || "Ready to send.")
    this.entries.push(entry)
    this.list.append(entry.element)
    return !why
  }

  refusal({ name, size }) {
    const { maxBytes, largestBytes, maxFiles, endings, ...words } = this.dataset
    const isPdf = name.toLowerCase().endsWith(".pdf")
    const isKnown = endings.split(",").some(ending => name.toLowerCase().endsWith(ending))
    if (!isKnown) return words.unsupported
    if (!size) return words.empty
    if (size > Number(isPdf ? largestBytes : maxBytes)) return isPdf ? words.tooLargePdf : words.tooLarge
    return this.unsent.length >= Number(maxFiles) ? words.tooMany : ""
  }

  /** A file that is not chosen but made here: with the others, or at once. */
  sendNow(file) {
    this.choose([file])
    this.form.requestSubmit()
  }

  forgetFinished() {
    this.sent.hidden = true
    this.sent.querySelector("ul").replaceChildren()
    const stays = (entry) => entry.state === "paused" || this.unsent.includes(entry)
    for (const entry of this.entries) if (!stays(entry)) entry.drop()
    this.entries = this.entries.filter(stays)
  }

  forget(entry) {
    const next = entry.element.nextElementSibling ?? entry.element.previousElementSibling
    entry.drop()
    this.entries = this.entries.filter((other) => other !== entry)
    ;(next?.querySelector("button:not([hidden])") ?? this.input).focus()
    this.show()
  }

  async submit(event) {
    event.preventDefault()
    if (this.isSending) return
    if (!this.unsent.length) return this.alert("Choose at least one file, then upload.")
    this.alert("")
    this.isSending = true
    this.show()
    // Files chosen meanwhile go with the others.
    for (let entry; (entry = this.unsent.find((one) => !one.hasFailed)); ) await this.send(entry)
    this.isSending = false
    this.conclude()
  }

  async send(entry) {
    for (let tries = 0; ; tries++) {
      const answer = await entry.send(this.form, this.dataset.url)
      if (answer.paused) return
      // While the page is connecting again it does not give up: the next try may succeed.
      const wait = WAITS[tries] ?? (isConnecting() ? WAITS.at(-1) : 0)
      const pause = pauseAfter(answer, wait)
      if (!pause) return entry.judge(answer)
      entry.become("sending", `Waiting ${Math.ceil(pause / 1000)} s to try again.`)
      await new Promise((done) => setTimeout(done, pause))
    }
  }

  conclude() {
    const count = (state) => this.entries.filter((entry) => entry.state === state).length
    const others = [`${count("refused")} refused`, `${count("unsent")} not sent`, `${count("paused")} paused`]
    const bad = others.filter((words) => !words.startsWith("0"))
    const detail = [`${count("accepted")} uploaded`, ...bad].join(", ")
    if (bad.length) this.alert(`${detail}; see why beside each name.`)
    else document.dispatchEvent(new CustomEvent("page:announce", { detail }))
    for (const entry of this.entries) entry.hasFailed = false
    this.fold()
    this.show()
  }

  /** Many that arrived are one line; what needs a look stays. */
  fold() {
    const accepted = this.entries.filter(({ state }) => state === "accepted")
    if (accepted.length <= FEW) return
    this.sent.hidden = false
    this.sent.querySelector("summary").textContent = `${accepted.length} uploaded`
    for (const entry of accepted) entry.link()
    this.sent.querySelector("ul").append(...accepted.map(({ element }) => element))
  }

  show() {
    const count = this.unsent.length
    this.label.textContent = count ? `Upload ${count === 1 ? "1 file" : `${count} files`} and analyze` : this.said
    if (this.isSending) this.label.textContent = "Sending…"
    this.button.setAttribute("aria-disabled", String(Boolean(this.isSending)))
    this.list.hidden = !this.list.childElementCount
  }

  alert(words) {
    this.querySelector("[role=alert]").textContent = words
  }
}

function isConnecting() {
  return ["lost", "connecting"].includes(document.querySelector("status-stream")?.dataset.state)
}

/** Milliseconds until another try, or nothing where none may help. */
function pauseAfter({ status, retryAfter }, wait) {
  if (NOT_NOW.includes(status)) return 1000 * retryAfter
  // After signing in again the token of the page is too old: with the list it gets a new one.
  if (status === 403) document.dispatchEvent(new CustomEvent("page:changed"))
  return status === 403 || NO_ANSWER.includes(status) ? wait : 0
}

customElements.define("upload-files", UploadFiles)
