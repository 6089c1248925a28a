import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import type { Hex } from 'viem'
import { freePort, until } from '../common/node/testing.ts'
import { type Mirror, openMirror, type Scene, startScene } from './testing.ts'

describe('node indexer/main.ts', () => {
  let scene: Scene
  let mirror: Mirror
  let folder: string
  let environment: Record<string, string>

  before(async () => {
    scene = await startScene()
    mirror = await openMirror(scene)
    folder = await mkdtemp(join(tmpdir(), 'terra-indexer-'))
    const file = join(folder, 'deployment.json')
    await writeFile(file, JSON.stringify(scene.deployment))
    environment = { RPC_URL: scene.chain.url, DATABASE_URL: mirror.database.urlOf('terra_indexer'), DEPLOYMENT_FILE: file, POLL_MS: '50' }
    await scene.createProject(1)
    for (const holder of scene.holders) await scene.register(holder)
  })
  after(async () => {
    await mirror.close()
    await scene.chain.stop()
    await rm(folder, { recursive: true })
  })

  const mintAndWait = async (units: bigint) => {
    const holder = scene.holders[0]!
    const before = await unitsOf(holder)
    await scene.mint(1, holder, units)
    await until(async () => (await unitsOf(holder)) === before + units, 20_000, 5)
  }
  const unitsOf = async (holder: Hex) => {
    const { rows } = await mirror.database.admin.query<{ units: string }>('select units from chain.holding where holder = $1', [holder])
    return BigInt(rows[0]?.units ?? 0)
  }

  it('explains itself', async () => {
    const { code, output } = await ended(launch({}, '--help'))
    expect(code).to.equal(0)
    for (const name of ['--until-head', 'RPC_URL', 'DATABASE_URL', 'DEPLOYMENT_FILE', 'POLL_MS']) expect(output).to.include(name)
  })

  it('lists everything that is wrong with its environment, without a value', async () => {
    const { code, output } = await ended(launch({ DATABASE_URL: '', POLL_MS: 'secret' }))
    expect(code).to.equal(1)
    expect(output).to.include('RPC_URL').and.to.include('DATABASE_URL').and.to.include('POLL_MS').and.not.to.include('secret')
  })

  it('ends at the head when told so, having mirrored everything', async () => {
    const { code } = await ended(launch(environment, '--until-head'))
    expect(code).to.equal(0)
    const { rows } = await mirror.database.admin.query('select block_number as number from chain.checkpoint')
    expect(rows[0].number).to.equal(String(await scene.chain.client.getBlockNumber({ cacheTime: 0 })))
  })

  it('refuses another chain, and an address without a contract', async () => {
    const file = join(folder, 'other.json')
    await writeFile(file, JSON.stringify({ ...scene.deployment, chainId: 137 }))
    const chain = await ended(launch({ ...environment, DEPLOYMENT_FILE: file }))
    expect(chain.code).to.equal(3)
    expect(chain.output).to.match(/WRONG_CHAIN: The node at 127\.0\.0\.1:\d+ is on chain 31337, expected 137/)
    await writeFile(file, JSON.stringify({ ...scene.deployment, vault: scene.holders[0] }))
    const contract = await ended(launch({ ...environment, DEPLOYMENT_FILE: file }))
    expect(contract.code).to.equal(3)
    expect(contract.output).to.include(`CONTRACT_NOT_FOUND: There is no contract at ${scene.holders[0]}`)
  })

  it('mirrors the ledger alone, from an address and a block', async () => {
    const own = await openMirror(scene)
    const { deployment } = scene
    const plain = { RPC_URL: scene.chain.url, CONTRACT_ADDRESS: deployment.ownership, START_BLOCK: String(deployment.startBlock) }
    const { code } = await ended(launch({ ...plain, DATABASE_URL: own.database.urlOf('terra_indexer') }, '--until-head'))
    expect(code).to.equal(0)
    expect((await own.db.query('select from chain.project_created')).rowCount).to.equal(1)
    await own.close()
  })

  it('follows the head, and ends at once when told to', async () => {
    const indexer = launch(environment)
    await mintAndWait(1n)
    await mintAndWait(1n)
    indexer.process.kill('SIGTERM')
    expect((await ended(indexer)).code).to.equal(0)
  })

  it('tells monitors where it is, and ends when their port is taken', async () => {
    const port = await freePort()
    const monitored = { ...environment, METRICS_PORT: String(port) }
    const indexer = launch(monitored)
    await mintAndWait(1n)
    const metric = async (name: string) => {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
      return Number(new RegExp(`^terra_indexer_${name} (.*)$`, 'm').exec(text)?.[1])
    }
    const head = Number(await scene.chain.client.getBlockNumber({ cacheTime: 0 }))
    await until(async () => (await metric('mirrored_block')) === head && (await metric('head_block')) === head)
    expect(await metric('leading')).to.equal(1)
    expect(await metric('events_total')).to.be.greaterThan(0)
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).to.equal(404)
    const { code, output } = await ended(launch(monitored))
    expect(code).to.equal(1)
    expect(output).to.match(/METRICS_REFUSED: METRICS_PORT can’t be served: .*EADDRINUSE/)
    indexer.process.kill('SIGTERM')
    expect((await ended(indexer)).code).to.equal(0)
  })

  it('stands by while another leads, and takes over when that one is killed', async () => {
    const first = launch(environment)
    await until(async () => first.output().includes('Became the leader'))
    const second = launch(environment)
    await until(async () => second.output().includes('Another indexer leads'))
    await mintAndWait(1n)
    expect(second.output()).not.to.include('Mirrored')
    first.process.kill('SIGKILL')
    await mintAndWait(1n)
    expect(second.output()).to.include('Became the leader')
    second.process.kill('SIGTERM')
    expect((await ended(second)).code).to.equal(0)
  })

  it('goes on after Postgres cut its connection', async () => {
    const indexer = launch(environment)
    await mintAndWait(1n)
    for (let times = 0; times < 3; times++) {
      await mirror.database.admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'terra-indexer' and datname = current_database()`,
      )
      await mintAndWait(1n)
    }
    indexer.process.kill('SIGTERM')
    expect((await ended(indexer)).code).to.equal(0)
  })

  it('killed again and again leaves what a fresh index finds', async () => {
    for (let times = 0; times < 4; times++) {
      const indexer = launch(environment)
      await until(async () => indexer.output().includes('Became the leader'))
      const [alice, bob] = scene.holders as [Hex, Hex]
      await scene.mint(1, alice, 5n)
      await scene.transfer(1, alice, bob, 1n)
      indexer.process.kill('SIGKILL')
      await ended(indexer)
    }
    expect((await ended(launch(environment, '--until-head'))).code).to.equal(0)
    const before = await mirror.dump()
    await mirror.truncate()
    expect((await ended(launch(environment, '--until-head'))).code).to.equal(0)
    expect(await mirror.dump()).to.deep.equal(before)
  })

  it('notes a final block that was replaced, which halts minting, and follows the chain again once it is believed', async () => {
    await scene.chain.client.mine({ blocks: 12 })
    const indexer = launch({ ...environment, FINALITY_HEAL_SECONDS: '1' })
    await mintAndWait(1n)
    await until(async () => indexer.output().includes('Mirrored events'))
    await scene.chain.reorg(8)
    await scene.chain.client.mine({ blocks: 2 })
    await until(async () => indexer.output().includes('Gave up what had been final'))
    indexer.process.kill('SIGTERM')
    const { code, output } = await ended(indexer)
    expect(code).to.equal(0)
    expect(output).to.include('The chain replaced block')
    const { rows } = await mirror.database.admin.query('select block_number from app.open_incident')
    expect(rows).to.have.length(1)
    expect((await ended(launch(environment, '--until-head'))).code).to.equal(0)
    const before = await mirror.dump()
    await mirror.truncate()
    expect((await ended(launch(environment, '--until-head'))).code).to.equal(0)
    expect(await mirror.dump()).to.deep.equal(before)
  })
})

interface Launched {
  process: ChildProcess
  output(): string
}

function launch(env: Record<string, string>, ...args: string[]): Launched {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], { env: { PATH: process.env.PATH ?? '', ...env } })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += String(data)))
  return { process: child, output: () => output }
}

async function ended({ process: child, output }: Launched): Promise<{ code: number | null; output: string }> {
  if (child.exitCode === null && child.signalCode === null) await new Promise((resolve) => child.once('close', resolve))
  return { code: child.exitCode, output: output() }
}
