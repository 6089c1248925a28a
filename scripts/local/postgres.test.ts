import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { expect } from 'chai'
import pg from 'pg'
import { freePort, until } from '../../common/node/testing.ts'
import { startPostgres } from './postgres.ts'
import { openRegistry, orphansOf } from './registry.ts'
import { sentenceOf, testFolder } from './testing.ts'

const folder = testFolder()

describe('The database', () => {
  const start = async (password = 'secret') =>
    startPostgres({
      folder: folder.path,
      port: await freePort(),
      password,
      registry: openRegistry(folder.path),
      settings: ['fsync=off'],
      onRestart: folder.warn,
      warn: folder.warn,
    })

  async function query(url: string, sql: string) {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    const { rows } = await client.query(sql)
    await client.end()
    return rows
  }

  it('is PostgreSQL 18 and keeps what it was given, also through a power cut', async () => {
    const first = await start()
    expect((await query(first.adminUrl, 'show server_version'))[0].server_version).to.match(/^18\./)
    await query(first.adminUrl, 'create table kept as select 7 as number')
    first.child.kill()
    await until(async () => orphansOf(folder.path).length === 0)
    const second = await start()
    expect(await query(second.adminUrl, 'select number from kept')).to.deep.equal([{ number: 7 }])
    await second.child.stop()
    expect(folder.warnings).to.deep.equal([])
  })

  it('that is half made is put aside, never deleted, and made anew', async () => {
    await mkdir(join(folder.path, 'pg'))
    await writeFile(join(folder.path, 'pg', 'something'), 'precious')
    const { adminUrl, child } = await start()
    expect(await query(adminUrl, 'select 1 as one')).to.deep.equal([{ one: 1 }])
    const aside = (await readdir(folder.path)).find((name) => name.startsWith('pg.broken-'))!
    expect(await readFile(join(folder.path, aside, 'something'), 'utf8')).to.equal('precious')
    expect(folder.warnings[0]).to.match(/was only half made; it was moved to .*pg\.broken-.* and a new one is being made\.$/)
    await child.stop()
  })

  it('made with another password says which file to put back', async () => {
    await (await start()).child.stop()
    expect(await sentenceOf(start('another'))).to.contain('put that file back, or run npm run reset')
  })
})
