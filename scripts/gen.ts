import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { abiModule } from './gen/abi.ts'

/** Writes every generated file anew; `npm run check` fails when one of them is stale. */
const root = join(import.meta.dirname, '..')
await writeFile(join(root, 'common', 'abi.ts'), await abiModule(join(root, 'artifacts', 'contracts')))
