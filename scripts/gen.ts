import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { abiModule } from './gen/abi.ts'
import { thirdPartyList } from './gen/third-party.ts'

/** Writes every generated file anew. With --check it writes nothing and fails when one is stale. */
const root = join(import.meta.dirname, '..')
const files = {
  'common/abi.ts': await abiModule(join(root, 'artifacts')),
  'THIRD-PARTY.md': await thirdPartyList(root),
}
const stale: string[] = []
for (const [name, text] of Object.entries(files)) {
  if ((await readFile(join(root, name), 'utf8').catch(() => '')) === text) continue
  if (process.argv.includes('--check')) stale.push(name)
  else await writeFile(join(root, name), text)
}
if (stale.length > 0) {
  console.error(`error STALE: ${stale.join(', ')} differ from what they are generated from. Try: npm run gen`)
  process.exitCode = 1
}
