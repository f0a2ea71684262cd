// Sends one file by a client of the field, and says what it hears: one line of JSON each.
// node send.mjs tus|uppy ENDPOINT TOKEN FILE PIECE
import { createReadStream, readFileSync, statSync } from "node:fs"
import { basename } from "node:path"

const [client, endpoint, token, path, piece] = process.argv.slice(2)
const headers = { Authorization: `Bearer ${token}` }
const retryDelays = Array(400).fill(150) // While the server is killed and comes again.
const chunkSize = Number(piece) || Infinity
const say = (word) => console.log(JSON.stringify(word))

async function byTus() {
  const { Upload } = await import("tus-js-client")
  const upload = new Upload(createReadStream(path), {
    endpoint, headers, retryDelays, chunkSize,
    uploadSize: statSync(path).size,
    metadata: { filename: basename(path), filetype: "application/pdf" },
    onUploadUrlAvailable: () => say({ url: upload.url }),
    onChunkComplete: (_, accepted) => say({ accepted }),
    onError: (error) => { say({ error: error.message, status: error.originalResponse?.getStatus() }); process.exit(1) },
    onSuccess: ({ lastResponse }) => say({ document: lastResponse.getHeader("Atom-Document") }),
  })
  upload.start()
}

async function byUppy() {
  globalThis.window ??= globalThis // It asks whether the browser is online.
  globalThis.addEventListener ??= () => {}
  globalThis.removeEventListener ??= () => {}
  const { default: Uppy } = await import("@uppy/core")
  const { default: Tus } = await import("@uppy/tus")
  const uppy = new Uppy({ autoProceed: false })
  uppy.use(Tus, {
    endpoint, headers, retryDelays, chunkSize,
    onBeforeRequest: () => {},
    onAfterResponse: (request, response) => {
      if (request.getMethod() === "POST") say({ url: new URL(response.getHeader("Location"), endpoint).href })
      if (request.getMethod() === "PATCH" && response.getStatus() === 204) say({ accepted: Number(response.getHeader("Upload-Offset")) })
      const document = response.getHeader("Atom-Document")
      if (document) say({ document })
    },
  })
  const data = readFileSync(path) // What tus-js-client takes under node; Uppy asks for its size.
  data.size = data.length
  uppy.addFile({ name: basename(path), type: "application/pdf", data })
  const { failed } = await uppy.upload()
  if (failed.length) { say({ error: String(failed[0].error) }); process.exit(1) }
  process.exit(0)
}

await { tus: byTus, uppy: byUppy }[client]()
