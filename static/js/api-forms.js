/** Sends what HTML forms cannot (PUT, PATCH, DELETE, OPTIONS, JSON) and shows the page that answers. */
function colored() {
  window.prettyPrint?.()
}

async function handle(event) {
  const { target: form, submitter } = event
  const method = submitter?.dataset.method ?? form.dataset.method
  if (!method) return
  event.preventDefault()
  const answer = await fetch(form.action, { method, ...bodyOf(form, method) }).catch(() => null)
  if (!answer) return complain("That could not be sent. Is the connection there? Try again.")
  const page = new DOMParser().parseFromString(await answer.text(), "text/html")
  const main = page.querySelector("main")
  if (!main) return complain(`The server answered ${answer.status}.`)
  document.querySelector("main").replaceWith(document.adoptNode(main))
  document.title = page.title
  main.focus()
  colored()
}

function bodyOf(form, method) {
  const headers = { Accept: "text/html" }
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value
  if (token) headers["X-CSRFToken"] = token
  const kind = form.querySelector("[data-override=content-type]")?.value
  if (!kind || ["DELETE", "OPTIONS"].includes(method)) return { headers }
  return { headers: { ...headers, "Content-Type": kind }, body: form.querySelector("[data-override=content]").value }
}

function complain(words) {
  const notice = document.createElement("p")
  notice.className = "notice notice--error"
  notice.setAttribute("role", "alert")
  notice.textContent = words
  document.querySelector(".notices").replaceChildren(notice)
}

document.addEventListener("submit", handle)
colored()
