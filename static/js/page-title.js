/** The title of the tab tells how far it is: where one looks while doing something else. */
const UNFINISHED = ["pending", "processing", "analyzing"]

class PageTitle {
  name = document.title
  statuses = new Map()
  share = ""

  constructor() {
    document.addEventListener("stream:event", ({ detail }) => this.hear(detail))
    document.addEventListener("view:shown", () => this.look())
    this.look()
  }

  get view() {
    return document.querySelector("live-view")
  }

  /** What the page shows is what the server said last. */
  look() {
    const { document: id, status } = this.view.dataset
    const rows = [...this.view.querySelectorAll("[data-status][data-url]")]
    this.statuses = new Map(id ? [[id, status]] : rows.map((row) => [row.id.replace("document-", ""), row.dataset.status]))
    this.tell()
  }

  hear({ event, document_id: id, status, done, total }) {
    if (!this.statuses.has(id) && this.view.dataset.document) return
    if (event === "deleted") this.statuses.delete(id)
    else if (status) this.statuses.set(id, status)
    this.share = event === "progress" && total ? `${Math.floor((100 * done) / total)} %` : ""
    this.tell()
  }

  tell() {
    const unfinished = [...this.statuses.values()].filter((status) => UNFINISHED.includes(status)).length
    const isOne = Boolean(this.view.dataset.document)
    const lead = !unfinished ? "" : isOne ? this.share || "…" : `(${unfinished})`
    if (!document.title.startsWith("Deleted")) document.title = lead ? `${lead} ${this.name}` : this.name
    document.dispatchEvent(new CustomEvent("page:unfinished", { detail: unfinished }))
  }
}

if (document.querySelector("live-view")) new PageTitle()
