/**
 * The one stream of this browser, however many tabs: opened for the first page that is looked
 * at and closed a while after the last. Runs as a shared worker; where there is none, a page
 * imports it and has a stream of its own.
 */
const KINDS = ["status", "progress", "changed", "deleted", "heartbeat", "stream-open", "stream-reset"]
const CHECK = 7_000 // between two looks at the news, so that no page is wrong for ten seconds
const PATIENCE = 4_000 // a stream that ends is normal; one that stays away is not
const SILENCE = 40_000 // two heartbeats and more: the line is dead, whatever it says
const LONGEST_WAIT = 15_000

class SharedStream {
  pages = new Set()
  state = "connecting"
  tries = 0

  connect(port, grace) {
    port.onmessage = ({ data }) => {
      port.postMessage({ type: "heard" }) // The page waits for a sign that somebody is here.
      if (data.type === "hello") this.join(port, data)
      else this.leave(port, grace)
    }
  }

  join(port, { stream, news, person, cursor }) {
    clearTimeout(this.closing)
    Object.assign(this, { stream, news, person })
    this.pages.add(port)
    port.postMessage({ type: "state", state: this.state })
    if (!this.source) this.begin(cursor)
    this.check()
  }

  leave(port, grace) {
    this.pages.delete(port)
    if (!this.pages.size) this.closing = setTimeout(() => this.end(), grace)
  }

  begin(cursor) {
    this.last = cursor
    this.open()
    this.checking = setInterval(() => this.check(), CHECK)
  }

  end() {
    clearInterval(this.checking)
    clearTimeout(this.waiting)
    this.source?.close()
    this.source = null
    this.state = "connecting"
  }

  open() {
    clearTimeout(this.waiting)
    this.source?.close()
    this.heard = this.lostAt = Date.now()
    this.source = new EventSource(`${this.stream}?lastEventId=${encodeURIComponent(this.last)}`)
    this.source.onerror = () => this.fail()
    for (const kind of KINDS) this.source.addEventListener(kind, (event) => this.hear(kind, event))
  }

  hear(kind, { data, lastEventId }) {
    this.heard = Date.now()
    if (lastEventId) this.last = lastEventId
    if (kind === "stream-open") this.recover()
    if (kind === "stream-reset") this.tell({ type: "changed" })
    if (["status", "progress", "changed", "deleted"].includes(kind)) {
      this.tell({ type: "event", event: { ...JSON.parse(data), event: kind } })
    }
  }

  recover() {
    this.tries = 0
    this.lostAt = null
    this.say("live")
    this.check()
    // Not only the news: after signing in again the forms need new tokens, too.
    if (this.wasOpen) this.tell({ type: "changed" })
    this.wasOpen = true
  }

  fail() {
    this.lostAt ??= Date.now()
    // Otherwise the browser tries again by itself.
    if (this.source.readyState === EventSource.CLOSED) this.openLater()
    this.check()
  }

  openLater() {
    const wait = Math.min(1000 * 2 ** this.tries++, LONGEST_WAIT) * (0.5 + Math.random() / 2)
    clearTimeout(this.waiting)
    this.waiting = setTimeout(() => this.open(), wait)
  }

  /** Asks whether there is news: finds what the stream lost, a dead line, an ended session. */
  async check() {
    const { status, news } = await ask(this.news)
    if (!this.source) return
    this.tell({ type: "heard" })
    if (status === 401) return this.say("signed-out")
    if (news && String(news.person) !== this.person) return this.refuse()
    if (news) this.tell({ type: "news", ...news })
    if (news && (["signed-out", "other-person"].includes(this.state) || Date.now() - this.heard > SILENCE)) this.open()
    this.say(this.standing(news))
  }

  /** Somebody else has signed in in this browser: what the stream tells now is not for these pages. */
  refuse() {
    this.source.close()
    this.lostAt ??= Date.now()
    this.say("other-person")
  }

  standing(news) {
    if (!this.lostAt) return "live"
    if (!news || Date.now() - this.lostAt > PATIENCE) return "lost"
    return ["signed-out", "other-person"].includes(this.state) ? "connecting" : this.state
  }

  say(state) {
    if (state !== this.state) this.tell({ type: "state", state })
    this.state = state
  }

  tell(message) {
    for (const port of this.pages) port.postMessage(message)
  }
}

async function ask(address) {
  try {
    const answer = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(CHECK) })
    return { status: answer.status, news: answer.ok && (await answer.json()) }
  } catch {
    return {}
  }
}

const shared = new SharedStream()

if ("SharedWorkerGlobalScope" in self) self.onconnect = ({ ports: [port] }) => shared.connect(port, 30_000)

export const connect = (port) => shared.connect(port, 0)
