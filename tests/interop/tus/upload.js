// Uploads one file with tus-js-client as anybody would: the library decides what is asked, and from where it goes on.
// Arguments: endpoint, token, file, digest, bytes per chunk, bytes after which it breaks off (0: never), address to go on from.
import { readFileSync } from 'node:fs'
import { Upload } from 'tus-js-client'

const [endpoint, token, file, digest, chunk, stop, known] = process.argv.slice(2)
const say = (message) => process.stdout.write(JSON.stringify(message) + '\n')
const requests = []
const upload = new Upload(readFileSync(file), {
  endpoint,
  uploadUrl: known || null,
  chunkSize: Number(chunk) || Infinity,
  retryDelays: [50, 200, 500, 1000],
  headers: { Authorization: `Bearer ${token}` },
  metadata: { sha256: digest },
  onBeforeRequest: (request) => { requests.push(request.getMethod()) },
  onChunkComplete: (_, sent) => {
    if (Number(stop) && sent >= Number(stop)) {
      say({ broken: upload.url, sent, requests })
      process.exit(0)
    }
  },
  onError: (error) => { say({ error: String(error), requests }); process.exit(1) },
  onSuccess: () => { say({ done: upload.url, requests }); process.exit(0) },
})
upload.start()
