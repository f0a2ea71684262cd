/** Tells Swagger UI, which knows one class, whether the page is dark: by choice or by the system. */
const dark = document.getElementById("palette-dark")
const system = matchMedia("(prefers-color-scheme: dark)")

function follow() {
  document.documentElement.classList.toggle("dark-mode", matchMedia(dark.media).matches)
}

system.addEventListener("change", follow)
document.addEventListener("page:theme", follow)
follow()
