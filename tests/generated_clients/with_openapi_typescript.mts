// Log in, upload three files, wait and read, by openapi-fetch with the types of openapi-typescript.
import createClient from "openapi-fetch"
import type { components, paths } from "./atom.js"

const [url, username, password, ...texts] = process.argv.slice(2) as [string, string, string]
const { data: pair } = await createClient<paths>({ baseUrl: url }).POST("/auth/login", {
  body: { username, password },
})
const client = createClient<paths>({
  baseUrl: url,
  headers: { Authorization: `Bearer ${pair!.access}` },
})
const { data: answer } = await client.POST("/upload", {
  body: { files: texts, external_id: "case 17" },
  bodySerializer: ({ files, external_id }) => {
    const form = new FormData()
    files.forEach((text, number) => form.append("files", new Blob([text]), `${number}.txt`))
    form.append("external_id", external_id!)
    return form
  },
})
const details: components["schemas"]["DocumentDetail"][] = []
const pages: string[] = []
for (const { id } of answer!.uploaded) {
  const params = { path: { id } }
  while (!(await client.GET("/documents/{id}/status", { params })).data!.is_finished) {
    await new Promise(resolve => setTimeout(resolve, 200))
  }
  details.push((await client.GET("/documents/{id}", { params })).data!)
  pages.push((await client.GET("/documents/{id}/pages", { params })).data!.results[0]!.text)
}
const file = await client.GET("/documents/{id}/file", {
  params: { path: { id: details[0]!.id } },
  parseAs: "text",
})
const nobody = { path: { id: "00000000-0000-0000-0000-000000000000" } }
const missing = await client.GET("/documents/{id}", { params: nobody })
const items = (await client.GET("/action-items", {})).data!.results
const me = (await client.GET("/me", {})).data!
console.log(
  JSON.stringify({
    me: me.username,
    indexes: answer!.uploaded.map(each => each.index),
    external_ids: details.map(each => each.external_id),
    summaries: details.map(each => each.analysis!.summary),
    pages,
    file: file.data,
    // Null is told by the type: without the question mark this is no TypeScript.
    tasks: items.map(item => [item.task, item.assignee?.trim() ?? null]),
    problem: missing.error!.code,
  }),
)
