import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { type Mirror, openMirror, type Scene, startScene } from './testing.ts'
import { startFaultyNode } from './testing-faulty-node.ts'

const run = promisify(execFile)

describe('the indexer given bad input', () => {
  let scene: Scene
  let mirror: Mirror
  let good: Record<string, string>
  before(async () => {
    scene = await startScene()
    mirror = await openMirror(scene)
    good = {
      RPC_URL: scene.chain.url,
      DATABASE_URL: mirror.database.urlOf('terra_indexer'),
      CONTRACT_ADDRESS: scene.deployment.ownership,
      START_BLOCK: '0',
    }
  })
  after(async () => {
    await mirror.close()
    await scene.chain.stop()
  })

  /** Starts it and expects it to refuse with one line, having written nothing. */
  async function refuses(changes: Record<string, string | undefined>, code: number, sentence: RegExp): Promise<void> {
    const env = Object.fromEntries(
      Object.entries({ PATH: process.env.PATH, ...good, ...changes }).filter(([, value]) => value !== undefined),
    )
    const failure = await run(process.execPath, [join(import.meta.dirname, 'main.ts'), '--until-head'], {
      env: env as NodeJS.ProcessEnv,
    }).then(
      () => undefined,
      (error: { code: number; stderr: string }) => error,
    )
    expect(failure?.code, failure?.stderr ?? 'it was accepted').to.equal(code)
    expect(failure!.stderr).to.match(sentence)
    expect(failure!.stderr).not.to.match(/\n {4}at /)
    const { rows } = await mirror.database.admin.query('select count(*)::int as count from chain.checkpoint')
    expect(rows[0].count).to.equal(0)
  }

  it('names every setting that is missing or malformed', () =>
    refuses({ RPC_URL: undefined, START_BLOCK: '-1', MIRROR_SCHEMA: 'a"; drop' }, 1, /RPC_URL[\s\S]*START_BLOCK[\s\S]*MIRROR_SCHEMA/))

  for (const url of ['localhost:8545', 'ftp://node.example', 'http://', 'https://a.example,,https://b.example'])
    it(`takes "${url}" for no address of a node`, () => refuses({ RPC_URL: url }, 1, /RPC_URL must be one address or several/))

  it('ends when no node answers', () => refuses({ RPC_URL: 'http://127.0.0.1:9' }, 1, /RPC_UNREACHABLE: No node of RPC_URL answers/))

  it('ends where there is no contract', () =>
    refuses({ CONTRACT_ADDRESS: `0x${'9'.repeat(40)}` }, 3, /CONTRACT_NOT_FOUND: There is no contract at 0x9{40}/))

  it('ends when the contract is no ERC-1155 contract', () =>
    refuses({ CONTRACT_ADDRESS: scene.deployment.payoutToken }, 3, /NOT_ERC1155: The contract at 0x[0-9a-f]{40} is no ERC-1155/))

  it('does not take a failure of the node for the contract’s answer', async () => {
    const node = await startFaultyNode(scene.chain.url)
    try {
      node.break(async ({ method }, honest) =>
        method === 'eth_call' ? { error: { code: -32_603, message: 'upstream failed' } } : { result: await honest() },
      )
      await refuses({ RPC_URL: node.url }, 1, /RPC_UNREACHABLE: No node of RPC_URL answers: .*upstream failed/)
    } finally {
      await node.close()
    }
  })

  it('ends when the first block is not there yet', () =>
    refuses({ START_BLOCK: '1000000' }, 3, /START_BLOCK_AHEAD: START_BLOCK is 1000000, and the chain has come to block \d+/))

  it('ends when the first block is later than the first transfer', async () => {
    const [alice, bob] = scene.holders as [`0x${string}`, `0x${string}`]
    await scene.createProject(1)
    for (const holder of [alice, bob]) await scene.register(holder)
    await scene.mint(1, alice, 10n)
    const later = await scene.chain.client.getBlockNumber({ cacheTime: 0 })
    await scene.transfer(1, alice, bob, 4n)
    await refuses({ START_BLOCK: String(later + 1n) }, 5, /HOLDING_BELOW_ZERO: 0x[0-9a-f]{40} gave away more units of 1/)
  })

  it('ends with a wrong password, a role without rights, or no database', async () => {
    const wrong = new URL(good.DATABASE_URL!)
    wrong.password = 'wrong'
    await refuses({ DATABASE_URL: wrong.href }, 1, /DATABASE_REFUSED: The database refused: password authentication failed/)
    await refuses({ DATABASE_URL: mirror.database.urlOf('terra_analyst') }, 1, /DATABASE_REFUSED: The database refused: permission denied/)
    const absent = new URL(good.DATABASE_URL!)
    absent.pathname = '/nowhere'
    await refuses({ DATABASE_URL: absent.href }, 1, /DATABASE_REFUSED: The database refused: database "nowhere" does not exist/)
  })

  it('ends on a server that takes no writes', async () => {
    const readOnly = new URL(good.DATABASE_URL!)
    readOnly.searchParams.set('options', '-c default_transaction_read_only=on')
    await refuses(
      { DATABASE_URL: readOnly.href },
      1,
      /DATABASE_REFUSED: The database refused: cannot execute .* in a read-only transaction/,
    )
  })

  it('ends with a database of a newer version', async () => {
    await mirror.database.admin.query(`insert into public.migration (name) values ('indexer/sql/999_future.sql')`)
    await refuses({}, 3, /DATABASE_NEWER: .*999_future\.sql/)
    await mirror.database.admin.query(`delete from public.migration where name = 'indexer/sql/999_future.sql'`)
  })

  it('ends with a database that has no schema for it', async () => {
    const empty = new URL(mirror.database.adminUrl)
    empty.pathname = '/postgres'
    await refuses({ DATABASE_URL: empty.href }, 3, /MIRROR_MISSING: This database has no schema "chain"/)
  })

  it('makes a schema for another mirror beside the main one', async () => {
    const { PATH } = process.env
    const env = { PATH, ...good, MIRROR_SCHEMA: 'chain_other' } as NodeJS.ProcessEnv
    await run(process.execPath, [join(import.meta.dirname, 'main.ts'), '--until-head'], { env })
    const { rows } = await mirror.database.admin.query(
      `select (select count(*)::int from chain.checkpoint) as main, (select count(*)::int from chain_other.transfer) as other,
        (select sum(units)::text from chain_other.holding_at(1, 1000000)) as units`,
    )
    expect(rows[0]).to.deep.include({ main: 0, units: '10' })
    expect(rows[0].other).to.be.greaterThan(0)
  })
})
