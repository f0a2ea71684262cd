/** Keeps what it holds as the server would render it now. */
import { morph } from "./morph.js"

const POSITIONS = 5_000 // places in line change through other people's documents
const PAUSE = 400

class LiveView extends HTMLElement {
  connectedCallback() {
    const types = ["stream:event", "stream:news", "stream:changed", "page:changed", "visibilitychange"]
    for (const type of types) document.addEventListener(type, this)
    addEventListener("pageshow", (event) => event.persisted && this.read())
    setInterval(() => this.matches('[data-status="pending"], :has([data-status="pending"])') && this.read(), POSITIONS)
  }

  handleEvent({ type, detail }) {
    if (type === "stream:event") this.hear(detail)
    else if (type === "stream:news" && !this.isOutdated(detail)) return
    else if (type === "page:changed" && detail?.getElementById(this.id)?.dataset.url === this.dataset.url) this.show(detail)
    else this.read()
  }

  hear({ event, document_id: id }) {
    if (this.dataset.document && this.dataset.document !== id) return
    if (this.dataset.hears && !this.dataset.hears.split(" ").includes(event)) return
    const row = this.querySelector(`#document-${CSS.escape(id)}`)
    if (event === "progress" && row) this.readRow(row)
    else this.read()
  }

  isOutdated({ newest, latest, circumstances }) {
    if (latest < Number(this.dataset.cursor)) this.forget()
    return newest > Number(this.dataset.cursor) || circumstances !== this.dataset.circumstances
  }

  /** The database was put back to an earlier moment: what is older is now right. */
  forget() {
    this.dataset.cursor = -1
    for (const part of [this, ...this.querySelectorAll("[data-version]")]) part.dataset.version = -1
  }

  /** Reads everything again; changes that come meanwhile make it one more reading, not many. */
  async read() {
    if (document.hidden) return // It reads when it is looked at again.
    this.isStale = true
    if (this.isReading) return
    this.isReading = true
    while (this.isStale) {
      this.isStale = false
      const fresh = await fetched(this.dataset.url)
      if (fresh === "gone") await this.miss()
      else if (fresh) this.show(fresh)
      await new Promise((done) => setTimeout(done, PAUSE))
    }
    this.isReading = false
  }

  /** Not found: it was deleted, or whoever signed in meanwhile is somebody else. */
  async miss() {
    const { news, person } = document.querySelector("status-stream").dataset
    const answer = await fetch(news).catch(() => null)
    if (!answer?.ok) return
    const isSame = String((await answer.json()).person) === person
    document.dispatchEvent(new CustomEvent(isSame ? "page:gone" : "page:other-person"))
  }

  async readRow(row) {
    if (document.hidden || row.isReading) return
    row.isReading = true
    const fresh = await fetched(row.dataset.url)
    const now = document.getElementById(row.id)
    row.isReading = false
    if (fresh === "gone") this.read()
    else if (fresh && now) morph(now, shareTokens(fresh).getElementById(row.id))
  }

  show(fresh) {
    const view = fresh.getElementById(this.id)
    if (!view) return
    if (view.dataset.person !== this.dataset.person) document.dispatchEvent(new CustomEvent("page:other-person"))
    else if (Number(view.dataset.cursor) >= Number(this.dataset.cursor)) {
      shareTokens(fresh)
      morph(this, view)
      for (const part of fresh.querySelectorAll("[data-beside]")) morph(document.getElementById(part.id), part)
      document.dispatchEvent(new CustomEvent("view:shown"))
    }
  }
}

async function fetched(url) {
  try {
    const answer = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(8_000) })
    if (answer.status === 404) return "gone"
    // A redirect leads to the login, which is not followed: its new CSRF cookie would end the
    // form of a person who is signing in beside this page. The stream says "signed out".
    if (!answer.ok) return null
    return new DOMParser().parseFromString(await answer.text(), "text/html")
  } catch {
    return null
  }
}

/** Makes equals equal: each rendering masks the token of its forms anew, and tells times in UTC. */
function shareTokens(fresh) {
  document.dispatchEvent(new CustomEvent("page:fresh", { detail: fresh }))
  const token = fresh.querySelector("[name=csrfmiddlewaretoken]")?.value
  for (const page of token ? [document, fresh] : []) {
    for (const input of page.querySelectorAll("[name=csrfmiddlewaretoken]")) input.value = token
  }
  return fresh
}

customElements.define("live-view", LiveView)
