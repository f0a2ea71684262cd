/** Dark, light, or as the system has it. Kept in a cookie: the server knows it before it draws. */
const DARK_MEDIA = { auto: "screen and (prefers-color-scheme: dark)", light: "not all", dark: "screen" }
const YEAR = 365 * 24 * 3600 // seconds

class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button")
    this.button.addEventListener("click", () => this.choose(this.next()))
    // It may have been chosen in another tab meanwhile.
    document.addEventListener("visibilitychange", () => this.show(kept()))
    addEventListener("pageshow", () => this.show(kept()))
  }

  /** First what looks different from what the system wants. */
  next() {
    const isDark = matchMedia("(prefers-color-scheme: dark)").matches
    const order = isDark ? ["auto", "light", "dark"] : ["auto", "dark", "light"]
    return order[(order.indexOf(this.button.dataset.theme) + 1) % order.length]
  }

  choose(theme) {
    document.cookie = `theme=${theme}; path=/; max-age=${YEAR}; samesite=lax`
    this.show(theme)
  }

  show(theme) {
    if (theme === this.button.dataset.theme) return
    this.button.dataset.theme = theme
    this.button.title = `Theme: ${theme}`
    this.button.setAttribute("aria-label", this.button.title)
    const use = this.button.querySelector("use")
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${theme}`))
    document.querySelector("meta[name=color-scheme]").content = theme === "auto" ? "light dark" : theme
    document.getElementById("palette-dark").media = DARK_MEDIA[theme]
    document.dispatchEvent(new CustomEvent("page:theme"))
  }
}

function kept() {
  return /(?:^|; )theme=(light|dark)(?:;|$)/.exec(document.cookie)?.[1] ?? "auto"
}

customElements.define("theme-switch", ThemeSwitch)
