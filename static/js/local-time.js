/**
 * Shows moments in the time of this machine, and young ones by their age; the title keeps UTC.
 * A page that is read again is changed alike before it is compared (`page:fresh`).
 */
const EVERY = 20_000 // milliseconds
const YOUNG = 3_600 // seconds
const SECONDS = /\d:\d\d:\d\d/ // Whoever shows seconds is exact: no ages there.

// How far this machine's clock is ahead of the server's.
const ahead = performance.timeOrigin / 1000 - Number(document.documentElement.dataset.now)
// A page that took long to arrive says nothing of clocks.
const skew = Math.abs(ahead) < 30 ? 0 : ahead

let isOnPaper = false

function localize(root) {
  for (const time of root.querySelectorAll('time[datetime*="T"]')) {
    const moment = new Date(time.dateTime)
    if (Number.isNaN(moment.getTime())) continue
    time.title ||= time.textContent.trim()
    const words = inWords(moment, SECONDS.test(time.title))
    if (time.textContent !== words) time.textContent = words
  }
}

function inWords(moment, isExact) {
  const age = Date.now() / 1000 - skew - moment / 1000
  if (isExact || isOnPaper || age < -5 || age >= YOUNG) return local(moment, isExact)
  const minutes = Math.floor(age / 60)
  return minutes < 1 ? "just now" : minutes === 1 ? "1 minute ago" : `${minutes} minutes ago`
}

/** As the server writes it: 5 Mar 2026, 10:00. */
function local(moment, isExact) {
  const month = moment.toLocaleDateString("en-US", { month: "short" })
  const time = moment.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", second: isExact ? "2-digit" : undefined })
  return `${moment.getDate()} ${month} ${moment.getFullYear()}, ${time}`
}

// An age is true for a minute, paper lasts.
for (const type of ["beforeprint", "afterprint"]) {
  addEventListener(type, () => {
    isOnPaper = type === "beforeprint"
    localize(document)
  })
}
localize(document)
document.addEventListener("page:fresh", ({ detail }) => localize(detail))
setInterval(() => localize(document), EVERY)
