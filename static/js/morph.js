/**
 * Makes an element of the page what the server has rendered afresh. Elements with `data-keyed`
 * keep their children by id; any other is replaced when it differs. Ticks, opened details and
 * focus stay, and nothing older ever replaces something newer.
 */
export function morph(old, fresh) {
  if (!fresh || Number(fresh.dataset.version) < Number(old.dataset.version)) return
  if (!("keyed" in fresh.dataset)) {
    keepState(old, fresh)
    if (!old.isEqualNode(fresh)) replace(old, fresh)
    return
  }
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name)
  for (const { name, value } of fresh.attributes) old.setAttribute(name, value)
  const ids = new Set([...fresh.children].map((child) => child.id))
  for (const child of [...old.children]) if (!ids.has(child.id)) remove(child)
  for (const [place, child] of [...fresh.children].entries()) {
    const known = [...old.children].find(({ id }) => id === child.id)
    if (known) morph(known, child)
    const now = known ? document.getElementById(child.id) : document.adoptNode(child)
    if (old.children[place] !== now) old.insertBefore(now, old.children[place] ?? null)
  }
}

function replace(old, fresh) {
  const focused = old.contains(document.activeElement) && document.activeElement
  const next = focused && counterpart(focused, old, fresh)
  old.replaceWith(document.adoptNode(fresh))
  if (next) next.focus({ preventScroll: true })
}

/** Whoever looks at the page ticked and opened it so; opened alone makes nothing different. */
function keepState(old, fresh) {
  for (const box of old.querySelectorAll("input[type=checkbox][id], details[id]")) {
    const same = fresh.querySelector(`#${CSS.escape(box.id)}`)
    if (same) Object.assign(same, "checked" in box ? { checked: box.checked } : { open: box.open })
  }
}

/** What `fresh` has for an element of `old`: by id, by address, by value, at last by its place. */
function counterpart(element, old, fresh) {
  const attribute = (name) => {
    const value = element.getAttribute(name)
    return value ? `[${name}="${CSS.escape(value)}"]` : ""
  }
  const ways = [attribute("id"), attribute("href"), attribute("name") + attribute("value"), "a, button, summary"]
  for (const way of ways.filter(Boolean)) {
    // Several may lead to the same place.
    const place = [...old.querySelectorAll(way)].indexOf(element)
    const found = fresh.querySelectorAll(way)
    if (found.length) return found[place] ?? found[0]
  }
}

/** What had the focus gives it to what comes next. */
function remove(child) {
  const hadFocus = child.contains(document.activeElement)
  const next = child.nextElementSibling ?? child.previousElementSibling
  child.remove()
  if (hadFocus) (next?.querySelector("a, button") ?? document.getElementById("main")).focus()
}
