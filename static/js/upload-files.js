/**
 * Sends the chosen files one by one, in their order, each with its own progress and verdict.
 * What the server would refuse by name or size is refused before a byte is sent.
 */
const WAITS = [1_000, 3_000, 6_000] // before sending once more what may not have arrived
const NO_ANSWER = [0, 502, 503, 504] // of ours, that is: the connection or a proxy failed

class UploadFiles extends HTMLElement {
  entries = []

  connectedCallback() {
    this.form = this.querySelector("form")
    this.input = this.querySelector("input[type=file]")
    this.list = this.querySelector("ul")
    this.button = this.form.querySelector("button[type=submit]")
    this.label = this.button.querySelector("span")
    this.said = this.label.textContent
    this.input.required = false
    this.input.addEventListener("change", () => this.choose([...this.input.files]))
    this.form.addEventListener("submit", (event) => this.submit(event))
    addEventListener("beforeunload", (event) => this.isSending && event.preventDefault())
  }

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
    const entry = new Entry(file, this.querySelector("template"))
    const why = this.refusal(file)
    entry.remove.addEventListener("click", () => this.forget(entry))
    entry.become(why ? "refused" : "ready", why || "Ready to send.")
    this.entries.push(entry)
    this.list.append(entry.element)
    return !why
  }

  refusal({ name, size }) {
    const { maxBytes, maxFiles, ...words } = this.dataset
    if (!/\.(pdf|txt)$/i.test(name)) return words.unsupported
    if (!size) return words.empty
    if (size > Number(maxBytes)) return words.tooLarge
    return this.unsent.length >= Number(maxFiles) ? words.tooMany : ""
  }

  forgetFinished() {
    for (const entry of this.entries) if (!this.unsent.includes(entry)) entry.drop()
    this.entries = this.unsent
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
    for (const wait of [...WAITS, 0]) {
      const answer = await entry.send(this.form, this.dataset.url)
      const pause = pauseAfter(answer, wait)
      if (!pause) return entry.judge(answer)
      entry.become("sending", `Waiting ${Math.ceil(pause / 1000)} s to try again.`)
      await new Promise((done) => setTimeout(done, pause))
    }
  }

  conclude() {
    const count = (state) => this.entries.filter((entry) => entry.state === state).length
    const bad = [`${count("refused")} refused`, `${count("unsent")} not sent`].filter((words) => !words.startsWith("0"))
    const detail = [`${count("accepted")} uploaded`, ...bad].join(", ")
    if (bad.length) this.alert(`${detail}; see why beside each name.`)
    else document.dispatchEvent(new CustomEvent("page:announce", { detail }))
    for (const entry of this.entries) entry.hasFailed = false
    this.show()
  }

  show() {
    const count = this.unsent.length
    this.label.textContent = count ? `Upload ${count === 1 ? "1 file" : `${count} files`} and analyze` : this.said
    if (this.isSending) this.label.textContent = "Sending…"
    this.button.setAttribute("aria-disabled", String(Boolean(this.isSending)))
    this.list.hidden = !this.entries.length
  }

  alert(words) {
    this.querySelector("[role=alert]").textContent = words
  }
}

/** One chosen file and its line in the list. */
class Entry {
  constructor(file, template) {
    this.file = file
    this.key = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16)).join("-")
    this.element = template.content.firstElementChild.cloneNode(true)
    this.remove = this.element.querySelector("button")
    this.progress = this.element.querySelector("progress")
    this.element.querySelector("bdi").textContent = file.name
    this.element.querySelector("bdi").title = file.name
    this.element.querySelector("[data-size]").textContent = inWords(file.size)
    this.remove.setAttribute("aria-label", `Remove ${file.name}`)
    this.progress.setAttribute("aria-label", `Sending ${file.name}`)
  }

  become(state, words) {
    this.state = this.element.dataset.state = state
    this.element.querySelector("[data-words]").textContent = words
    this.progress.hidden = state !== "sending"
    this.remove.hidden = !["ready", "refused", "unsent"].includes(state)
    const icon = { accepted: "completed", refused: "failed", unsent: "failed" }[state] ?? "file"
    const use = this.element.querySelector("use")
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${icon}`))
  }

  drop() {
    this.element.remove()
  }

  send(form, url) {
    const body = new FormData()
    const language = form.elements.language?.value
    if (language) body.append("language", language)
    body.append("files", this.file)
    this.become("sending", "Sending…")
    return posted(url, body, {
      headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, "Idempotency-Key": this.key, Accept: "application/json" },
      onProgress: (share) => {
        this.progress.value = share
        this.element.querySelector("[data-words]").textContent = share < 1 ? `Sending, ${Math.floor(100 * share)} %` : "Sent, being checked."
      },
    })
  }

  judge({ status, body }) {
    const [document_] = body?.uploaded ?? []
    const [error] = body?.errors ?? []
    this.hasFailed = !document_ && !error
    if (document_) this.become("accepted", "Uploaded and queued.")
    else if (error) this.become("refused", error.detail)
    else if (status === 401) this.become("unsent", "Signed out. Sign in again, then send it again.")
    else this.become("unsent", body?.detail ?? "It could not be sent. Is the connection there? Send it again.")
    document.dispatchEvent(new CustomEvent("page:changed"))
  }
}

/** Milliseconds until another try, or nothing where none may help. */
function pauseAfter({ status, retryAfter }, wait) {
  if (status === 429) return 1000 * retryAfter
  // After signing in again the token of the page is too old: with the list it gets a new one.
  if (status === 403) document.dispatchEvent(new CustomEvent("page:changed"))
  return status === 403 || NO_ANSWER.includes(status) ? wait : 0
}

function posted(url, body, { headers, onProgress }) {
  return new Promise((done) => {
    const request = new XMLHttpRequest()
    request.open("POST", url)
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded / total)
    request.onloadend = () => {
      const retryAfter = Number(request.getResponseHeader("Retry-After")) || 30
      done({ status: request.status, retryAfter, body: parsed(request.responseText) })
    }
    request.send(body)
  })
}

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function inWords(bytes) {
  if (bytes < 1024) return `${bytes} bytes`
  return bytes < 1024 ** 2 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`
}

customElements.define("upload-files", UploadFiles)
