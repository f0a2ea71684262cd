/**
 * One chosen file that is too large for one request, or whose name would not survive in one: sent in
 * pieces by the tus protocol, paused and resumed by its button, and taken up again when the same file
 * is chosen after a reload.
 */
import { ChosenFile } from "./chosen-file.js"

const PIECE = 8 * 1024 ** 2 // bytes that a broken connection, or a proxy, may cost
const WAITS = [0, 1_000, 3_000, 5_000, 10_000, 20_000] // between tries that bring no byte further
const DAY = 24 * 3600 * 1000 // for which the server keeps what has come
const REFUSED = [413, 422] // because of the file itself

export class ResumableFile extends ChosenFile {
  constructor(file, template, { library, endpoint }) {
    super(file, template)
    this.library = library
    this.endpoint = endpoint
    this.share = 0
    this.pauseButton = this.element.querySelector("[data-pause]")
    this.pauseButton.addEventListener("click", () => (this.state === "paused" ? this.goOn() : this.pause()))
  }

  become(state, words) {
    super.become(state, words)
    const canPause = ["sending", "paused"].includes(state)
    if (!this.pauseButton) return // Not yet: the first words come before it is known.
    this.pauseButton.hidden = !canPause
    this.pauseButton.textContent = state === "paused" ? "Go on" : "Pause"
    this.pauseButton.setAttribute("aria-label", `${this.pauseButton.textContent}: ${this.file.name}`)
    if (state === "paused") this.remove.hidden = false
  }

  /** Resolves with what `judge` takes, or with `paused`. */
  async send(form) {
    this.become("sending", this.share ? this.inWords() : "Sending…")
    try {
      await import(this.library)
    } catch {
      return { status: 0 } // To be tried again, as a connection that is away.
    }
    return new Promise((done) => this.start(form, done))
  }

  async start(form, done) {
    this.done = done
    this.upload ??= new window.tus.Upload(this.file, this.options(form))
    if (!this.upload.url) {
      const [before] = await this.upload.findPreviousUploads()
      if (before) this.upload.resumeFromPreviousUpload(before)
    }
    this.upload.start()
  }

  options(form) {
    const language = form.elements.language?.value
    return {
      endpoint: this.endpoint,
      chunkSize: PIECE,
      retryDelays: WAITS,
      urlStorage: storage,
      removeFingerprintOnSuccess: true,
      fingerprint: async ({ name, size, lastModified }) => digest([person(), name, size, lastModified].join("/")),
      metadata: { filename: this.file.name, ...(language && { language }) },
      // Each time: after signing in again the page has another token.
      onBeforeRequest: (request) => request.setHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken.value),
      onProgress: (sent, all) => this.show(sent / all),
      onSuccess: ({ lastResponse }) => this.done({ status: 201, body: { uploaded: [{ id: lastResponse.getHeader("Atom-Document") }] } }),
      onError: (error) => this.done(answerOf(error.originalResponse)),
    }
  }

  show(share) {
    this.share = share
    this.progress.value = share
    this.element.querySelector("[data-words]").textContent = this.inWords()
  }

  inWords() {
    return this.share < 1 ? `Sending, ${Math.floor(100 * this.share)} %` : "Sent, being checked."
  }

  pause() {
    this.upload?.abort()
    this.become("paused", `Paused at ${Math.floor(100 * this.share)} %.`)
    this.done?.({ paused: true })
    this.pauseButton.focus()
  }

  goOn() {
    this.become("ready", "Waiting to go on.")
    this.element.dispatchEvent(new CustomEvent("sending:ready", { bubbles: true }))
  }

  drop() {
    super.drop()
    // What has come of it is of no use to anybody.
    if (this.state !== "accepted") this.upload?.abort(true).catch(() => {})
  }
}

function answerOf(response) {
  const status = response?.getStatus() ?? 0
  const body = parsed(response?.getBody())
  const retryAfter = Number(response?.getHeader("Retry-After")) || 30
  return { status, retryAfter, body: REFUSED.includes(status) ? { errors: [body ?? {}] } : body }
}

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Who is signed in: the next person at this browser goes on with nothing of the last one's. */
function person() {
  return document.querySelector("status-stream")?.dataset.person ?? ""
}

/** Names of files are nobody's business who looks into the storage (cyrb53, 53 bits). */
function digest(text) {
  let [one, two] = [0xdeadbeef, 0x41c6ce57]
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    one = Math.imul(one ^ code, 2654435761)
    two = Math.imul(two ^ code, 1597334677)
  }
  one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(two ^ (two >>> 13), 3266489909)
  two = Math.imul(two ^ (two >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909)
  return (4294967296 * (2097151 & two) + (one >>> 0)).toString(36)
}

/** Where unfinished uploads are: addresses only, for a day. tus-js-client's own keeps file names. */
const storage = {
  async findAllUploads() {
    return []
  },

  async findUploadsByFingerprint(fingerprint) {
    const key = `atom-upload:${fingerprint}`
    const found = parsed(stored(() => localStorage.getItem(key)))
    if (!found || Date.now() - Date.parse(found.creationTime) > DAY) return []
    return [{ ...found, metadata: {}, urlStorageKey: key }]
  },

  async addUpload(fingerprint, { size, uploadUrl, creationTime }) {
    const key = `atom-upload:${fingerprint}`
    stored(() => localStorage.setItem(key, JSON.stringify({ size, uploadUrl, creationTime })))
    return key
  },

  async removeUpload(key) {
    stored(() => localStorage.removeItem(key))
  },
}

/** Browsers may refuse; then a reload begins anew. */
function stored(act) {
  try {
    return act()
  } catch {
    return null
  }
}
