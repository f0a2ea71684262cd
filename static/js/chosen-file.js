/** One chosen file: its line in the list, how it is sent, and what became of it. */
export class ChosenFile {
  constructor(file, template) {
    this.file = file
    this.key = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16)).join("-")
    this.element = template.content.firstElementChild.cloneNode(true)
    this.remove = this.element.querySelector(".sending__remove")
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
    if (document_) this.accept(document_)
    else if (error) this.become("refused", error.detail)
    else if (status === 401) this.become("unsent", "Signed out. Sign in again, then send it again.")
    else if (status === 403) this.become("unsent", "This page is out of date. Reload it and send the file again.")
    else this.become("unsent", body?.detail ?? "It could not be sent. Is the connection there? Send it again.")
    document.dispatchEvent(new CustomEvent("page:changed"))
  }

  /** Where its row is far below, its name leads to the document. */
  link() {
    this.element.querySelector("a").href = this.address
  }

  accept({ id, same_as: twin }) {
    this.address = `/d/${id}`
    this.become("accepted", twin ? `Uploaded. The same file is here already: ${twin.filename}.` : "Uploaded.")
  }
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

/** As the list of documents says it. */
function inWords(bytes) {
  if (bytes < 1024) return bytes === 1 ? "1 byte" : `${bytes} bytes`
  if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(1)} KB`
  return bytes < 1024 ** 3 ? `${(bytes / 1024 ** 2).toFixed(1)} MB` : `${(bytes / 1024 ** 3).toFixed(1)} GB`
}
