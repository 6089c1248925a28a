import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { expect } from 'chai'
import { until } from '../../common/node/testing.ts'
import { keepChild } from './child.ts'
import { openRegistry } from './registry.ts'
import { sentenceOf, testFolder } from './testing.ts'

const folder = testFolder()

describe('A kept process', () => {
  const start = (script: string, restarts: string[]) =>
    keepChild({
      name: 'thing',
      command: process.execPath,
      args: ['-e', script],
      cwd: folder.path,
      env: { PATH: process.env.PATH },
      logFile: join(folder.path, 'logs', 'thing.log'),
      registry: openRegistry(folder.path),
      onRestart: (sentence) => restarts.push(sentence),
    })

  it('is started again when it ends by itself, and said so', async () => {
    const restarts: string[] = []
    const child = start('console.log("up"); setTimeout(() => process.exit(3), 300)', restarts)
    await child.ready(async () => (await readFile(join(folder.path, 'logs', 'thing.log'), 'utf8')).includes('up'), 5_000)
    await until(async () => (await readFile(join(folder.path, 'logs', 'thing.log'), 'utf8')).split('up').length === 3)
    expect(restarts[0]).to.match(/^thing ended with code 3; starting it again in 0.5 s \(log: .*thing\.log\)\.$/)
    await child.stop()
  })

  it('that cannot start is given up with the end of its log', async () => {
    const child = start('console.error("no such address"); process.exit(1)', [])
    expect(await sentenceOf(child.ready(async () => false, 20_000))).to.match(
      /^thing ended with code 1; the end of .*: [\s\S]*no such address/,
    )
    await child.stop()
  })
})
