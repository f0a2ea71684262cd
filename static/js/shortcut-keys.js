/**
 * Keyboard shortcuts, and the list of them behind `?`. Anything with `data-keys` is one: a link or
 * button is pressed, a field gets the focus. They can be switched off (WCAG 2.1.4).
 */
const KNOWN = [
  ["/", 'input[type="search"]', "Search"],
  ["u", "#files", "Choose files to upload"],
]
const DOCUMENTS = '#documents a[id^="open-"]'
const ON_LISTS = [
  ["j", "Next document", (shortcuts) => shortcuts.step(1)],
  ["k", "Previous document", (shortcuts) => shortcuts.step(-1)],
  ["o", "Open it; Enter does, too", () => document.activeElement.matches(DOCUMENTS) && document.activeElement.click()],
]
const NO_TEXT = ["checkbox", "radio", "button", "submit", "reset", "file", "image"]
const PATIENCE = 1_500 // milliseconds from the first key of two to the second
const YEAR = 365 * 24 * 3600 // seconds

class ShortcutKeys extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog")
    this.box = this.querySelector("input")
    this.box.checked = !/(?:^|; )keys=off(?:;|$)/.test(document.cookie)
    this.box.addEventListener("change", () => {
      document.cookie = `keys=${this.box.checked ? "on" : "off"}; path=/; max-age=${YEAR}; samesite=lax`
    })
    this.querySelector("[data-close]").addEventListener("click", () => this.dialog.close())
    const opener = document.querySelector("[data-shortcuts]")
    opener.hidden = false
    opener.addEventListener("click", () => this.open())
    document.addEventListener("keydown", this)
  }

  handleEvent(event) {
    if (!this.box.checked || event.defaultPrevented || event.isComposing || isTaken(event)) return
    const key = `${this.begun ?? ""}${event.key}`
    this.begin("")
    const shortcut = this.shortcuts().find(([keys]) => keys === key)
    if (shortcut) {
      event.preventDefault()
      shortcut[2](this)
    } else if (this.shortcuts().some(([keys]) => keys.startsWith(`${key} `))) this.begin(`${key} `)
  }

  begin(keys) {
    this.begun = keys
    clearTimeout(this.timer)
    if (keys) this.timer = setTimeout(() => this.begin(""), PATIENCE)
  }

  /** What this page can do, as keys, words and deed. */
  shortcuts() {
    const known = KNOWN.map(([keys, where, words]) => [keys, words, document.querySelector(where)])
    const named = [...document.querySelectorAll("[data-keys]")].map((part) => [part.dataset.keys, wordsOf(part), part])
    const parts = [...known, ...named].filter(([, , part]) => part?.checkVisibility?.() ?? part)
    const deeds = parts.map(([keys, words, part]) => [keys, words, () => press(part)])
    const lists = document.querySelector(DOCUMENTS) ? ON_LISTS : []
    return [...deeds, ...lists, ["?", "This list", () => this.open()]]
  }

  step(by) {
    const links = [...document.querySelectorAll(DOCUMENTS)]
    const row = document.activeElement.closest("#documents > *")
    const now = links.findIndex((link) => row?.contains(link))
    const next = now < 0 ? (by > 0 ? 0 : links.length - 1) : now + by
    links[next]?.focus()
  }

  open() {
    this.querySelector("dl").replaceChildren(...this.shortcuts().map(([keys, words]) => line(keys, words)))
    this.dialog.showModal()
  }
}

/** Whether the key belongs to somebody else: a field, the browser, or what lies over the page. A pane beside it does not. */
function isTaken({ target, ctrlKey, metaKey, altKey, shiftKey, key }) {
  const isText = target.matches("textarea, select, [contenteditable]") || (target.matches("input") && !NO_TEXT.includes(target.type))
  return isText || ctrlKey || metaKey || altKey || (shiftKey && /^[a-z]$/i.test(key)) || document.querySelector("dialog:modal")
}

function press(part) {
  if (part.matches("input:not([type=file]), select, textarea")) {
    part.focus()
    part.select?.()
  } else part.click()
}

function wordsOf(part) {
  return part.dataset.keysFor ?? part.getAttribute("aria-label") ?? part.textContent.trim()
}

function line(keys, words) {
  const row = document.createElement("div")
  const term = row.appendChild(document.createElement("dt"))
  for (const key of keys.split(" ")) term.appendChild(document.createElement("kbd")).textContent = key
  row.appendChild(document.createElement("dd")).textContent = words
  return row
}

customElements.define("shortcut-keys", ShortcutKeys)
