/** How somebody looks at pages, until the browser is closed. In cookies: nothing else is stored here. */
export const chosen = (name) => new RegExp(`(?:^|; )${name}=([\\w-]+)`).exec(document.cookie)?.[1]

export function choose(name, value) {
  document.cookie = `${name}=${value}; path=/; samesite=lax`
}
