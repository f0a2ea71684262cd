// What the framework's pages leave out, where its template has no block to say it in.

document.documentElement.lang = "en"
for (const button of document.querySelectorAll("button.dropdown-toggle")) {
  // Its tooltip takes the title away, and with it the only name there is.
  button.setAttribute("aria-label", button.title || button.dataset.originalTitle)
}
