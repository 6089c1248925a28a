import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { landingScripts, type Manifest } from './view/landing-scripts.ts'

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, dist: { type: 'string', default: `${import.meta.dirname}/dist` } },
})
const manifest = JSON.parse(await readFile(`${values.dist}/.vite/manifest.json`, 'utf8')) as Manifest
const files = await Promise.all(
  landingScripts(manifest).map(async (file) => ({ file, gzipBytes: gzipSync(await readFile(`${values.dist}/${file}`)).length })),
)
const landingGzipBytes = files.reduce((sum, file) => sum + file.gzipBytes, 0)
if (values.json) console.log(JSON.stringify({ landingGzipBytes, files }))
else {
  for (const { file, gzipBytes } of files) console.log(`${String(gzipBytes).padStart(8)}  ${file}`)
  console.log(`${String(landingGzipBytes).padStart(8)}  landing route, gzip (${(landingGzipBytes / 1024).toFixed(1)} KiB)`)
}
