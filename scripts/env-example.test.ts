import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { expect } from 'chai'
import { ApiEnv, WorkerEnv } from '../api/config.ts'
import { IndexerEnv } from '../indexer/settings.ts'
import { SandboxEnv } from '../sandbox/env.ts'
import { PortsEnv } from './local/ports.ts'
import { TerraEnv } from './terra/settings.ts'

/** Read without a schema: a folder, a build's and the tests' own settings, and the command line's debugging aid. */
const OTHERS = ['TERRA_FOLDER', 'VITE_WEB3AUTH_CLIENT_ID', 'CHROMIUM_PATH', 'TERRA_TRACE']
const SCHEMAS = { ApiEnv, WorkerEnv, IndexerEnv, TerraEnv, PortsEnv, SandboxEnv }

describe('.env.example', () => {
  it('shows every setting of every process, and nothing that nobody reads', async () => {
    const text = await readFile(join(import.meta.dirname, '..', '.env.example'), 'utf8')
    const shown = [...text.matchAll(/^(?:# )?([A-Z0-9_]+)=/gm)].map(([, name]) => name!)
    const read = Object.values(SCHEMAS).flatMap((schema) => Object.keys(schema.properties))
    expect(shown).to.have.members([...new Set([...read, ...OTHERS])])
  })

  it('shows the defaults that the processes have', async () => {
    const text = await readFile(join(import.meta.dirname, '..', '.env.example'), 'utf8')
    for (const [title, schema] of Object.entries(SCHEMAS)) {
      for (const [name, property] of Object.entries(schema.properties as Record<string, { default?: unknown }>)) {
        const fallback = property.default
        if (fallback !== undefined && fallback !== '') expect(text, `${title} ${name}`).to.contain(`\n# ${name}=${fallback}\n`)
      }
    }
  })
})
