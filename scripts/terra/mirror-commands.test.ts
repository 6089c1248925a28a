import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { expect } from 'chai'
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { TABLES } from '../../indexer/tables.ts'
import { openScene, type Scene } from './testing-scene.ts'

let scene: Scene

before(async () => {
  scene = await openScene()
  await scene.addProject(1, 'Ridge Wind')
  await scene.terra(['project', 'create', '1', '--yes'])
  await scene.addHolders(1, 3)
  await scene.chain.client.mine({ blocks: 5 })
  const head = await scene.chain.client.getBlockNumber({ cacheTime: 0 })
  const proven = await scene.terra(['verify', '--min-block', String(head - 4n)])
  expect(proven.code, proven.err).to.equal(0)
})
after(() => scene.close())

const json = (out: string) => JSON.parse(out) as Record<string, unknown>
const asIndexer = (args: string[]) =>
  scene.terra(['reindex', ...args], { env: { INDEXER_DATABASE_URL: scene.database.urlOf('terra_indexer') } })

test('a table goes to standard output alone, what is said about it to standard error', async () => {
  const { code, out, err } = await scene.terra(['export', 'holding'])
  const lines = out.trimEnd().split('\n')
  expect([code, lines.length, lines[0]], err).to.deep.equal([0, 4, 'project_id,holder,units'])
  expect(err).to.match(/^Exported 3 rows of chain\.holding as of block \d+, final up to \d+: \d+\.\d s, \d+ rows a second\.$/m)
})

test('a file says beside itself, or in itself, which block it is of, and what its hash is', async () => {
  const file = join(scene.folder, 'transfers.ndjson')
  const { code, out } = await scene.terra(['export', 'transfer', '--format', 'ndjson', '--as-of', 'final', '--out', file, '--json'])
  expect([code, json(out).rows, json(out).relation]).to.deep.equal([0, 3, 'chain.transfer'])
  expect(json(out).snapshot).to.include({ chainId: 31_337, isFinal: true })
  expect(JSON.parse(readFileSync(`${file}.snapshot.json`, 'utf8'))).to.include({ rows: 3, sha256: json(out).sha256 })
  const columns = join(scene.folder, 'holders.parquet')
  expect((await scene.terra(['export', 'analytics.holders', '--format', 'parquet', '--out', columns])).code).to.equal(0)
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(columns) })
  expect(rows.map(({ units }) => units)).to.have.members(['10', '11', '12'])
})

test('what there is not, may not be read or does not fit is one sentence, and no file', async () => {
  const file = join(scene.folder, 'nothing.csv')
  const cases: [string[], number, RegExp][] = [
    [
      ['export', 'transfers', '--out', file],
      1,
      /^error NOT_FOUND: There is no table or view "transfers".*chain\.transfer,.*analytics\.holders/m,
    ],
    [['export', 'app.account', '--out', file], 1, /^error NOT_FOUND: /m],
    [['export', 'project', '--as-of', '1', '--out', file], 2, /^error USAGE: chain\.project can only be had as it is now/m],
    [['export', 'transfer', '--as-of', '99999999', '--out', file], 1, /^error MIRROR_BEHIND: The mirror is at block/m],
    [['export', 'transfer', '--as-of', 'settled', '--out', file], 1, /^error MIRROR_BEHIND: No mirrored block is settled yet/m],
    [['export', 'transfer', '--as-of', 'soon'], 2, /^error USAGE: /m],
    [['export', 'transfer', '--format', 'xlsx'], 2, /^error USAGE: .*csv, ndjson, parquet/m],
    [['export', 'transfer', '--json'], 2, /^error USAGE: --json needs --out/m],
    [['export', 'transfer', '--out', join(scene.folder, 'no', 'folder.csv')], 1, /^error FILE_MISSING: /m],
  ]
  for (const [args, exit, said] of cases) {
    const { code, err, out } = await scene.terra(args)
    expect(code, `${args}: ${err}`).to.equal(exit)
    expect(err).to.match(said)
    if (!args.includes('--json')) expect(out).to.equal('')
  }
  expect([existsSync(file), existsSync(`${file}.partial`)]).to.deep.equal([false, false])
})

test('a signed proof is held against the database later: altered rows are named by their table, an altered proof is refused', async () => {
  const file = join(scene.folder, 'proof.json')
  const key = `${scene.chain.url}/?key=secret-key`
  const made = await scene.terra(['verify', '--report', file, '--sign', '--verify-rpc', key, '--json'])
  expect(made.code, made.err).to.equal(0)
  const proof = json(readFileSync(file, 'utf8')) as { report: Record<string, unknown>; signer: string }
  const host = new URL(key).host
  expect(proof.report).to.deep.include({ providers: { mirrored: [host], asked: [host] }, schema: 'chain', program: '0.1.0' })
  expect(readFileSync(file, 'utf8')).not.to.include('secret-key')

  const check = (...args: string[]) => scene.terra(['verify', '--check', file, ...args])
  expect((await check()).out).to.equal(`The report is whole and was signed by ${proof.signer}.\n`)
  const same = await check('--recompute', '--json')
  expect([same.code, json(same.out).tables], same.err).to.deep.equal([0, { status: 'same', tables: Object.keys(TABLES).length }])

  await scene.database.admin.query('update chain.transfer set units = units + 1')
  const differing = await check('--recompute')
  expect(differing.code).to.equal(1)
  expect(differing.out).to.match(/^The table transfer is the first that is not what it was up to block \d+:$/m)
  await scene.database.admin.query('update chain.transfer set units = units - 1')

  writeFileSync(file, JSON.stringify({ ...proof, report: { ...proof.report, pairs: 4 } }))
  const altered = await check('--recompute', '--json')
  expect([altered.code, json(altered.out)]).to.deep.equal([1, { ok: false, command: 'verify', signer: 'altered' }])
  const alone = await scene.terra(['verify', '--recompute'])
  expect([alone.code, alone.err.includes('error USAGE: --recompute needs a report')]).to.deep.equal([2, true])
})

test('a mirror is built anew while the indexer runs, compared, and exchanged after a yes; the old one is kept until it is dropped', async () => {
  const nowhere = await scene.terra(['reindex', '--yes'])
  expect([nowhere.code, nowhere.err.includes('error SETTING_MISSING')]).to.deep.equal([1, true])
  const worker = await scene.terra(['reindex', '--yes'], { env: { INDEXER_DATABASE_URL: scene.database.urlOf('terra_worker') } })
  expect([worker.code, worker.err.includes('error DATABASE_UNREACHABLE')]).to.deep.equal([1, true])

  const dry = await asIndexer(['--dry-run', '--json'])
  expect(json(dry.out)).to.include({ ok: true, status: 'planned' })
  const compared = await asIndexer(['--compare-only', '--json'])
  expect(json(compared.out), compared.err).to.deep.include({ ok: true, status: 'compared', differing: [] })

  await scene.database.admin.query(
    'update chain.transfer set units = units + 1 where block_number = (select min(block_number) from chain.transfer)',
  )
  const asked = await asIndexer([])
  expect([asked.code, asked.err.includes('error CONFIRM_REQUIRED')]).to.deep.equal([2, true])
  expect(asked.err)
    .to.match(/transfer .* first differs at \d+\/\d+\/0/)
    .and.include('1 tables differ')
  const exchanged = await asIndexer(['--yes', '--json'])
  expect(json(exchanged.out), exchanged.err).to.deep.include({ ok: true, status: 'exchanged', differing: ['transfer'] })

  // The indexer that ran all the time goes on, and the mirror is right.
  await scene.addHolders(1, 1)
  await scene.chain.client.mine({ blocks: 5 })
  const head = await scene.chain.client.getBlockNumber({ cacheTime: 0 })
  const proven = await scene.terra(['verify', '--json', '--min-block', String(head - 4n)])
  expect([proven.code, json(proven.out).pairs], proven.err).to.deep.equal([0, 4])

  const dropped = await asIndexer(['--drop-old', '--yes', '--json'])
  expect(json(dropped.out)).to.deep.include({ status: 'dropped', schemas: [json(exchanged.out).kept] })
  expect(json((await asIndexer(['--drop-old', '--yes', '--json'])).out)).to.include({ status: 'already_done' })
})

test('what was built can be thrown away, and two do not build at once', async () => {
  expect((await asIndexer(['--compare-only'])).code).to.equal(0)
  const asked = await asIndexer(['--discard'])
  expect([asked.code, asked.err.includes('error CONFIRM_REQUIRED')]).to.deep.equal([2, true])
  expect(json((await asIndexer(['--discard', '--yes', '--json'])).out)).to.deep.include({ status: 'dropped', schemas: ['chain_rebuild'] })
  expect(json((await asIndexer(['--discard', '--yes', '--json'])).out)).to.include({ status: 'already_done' })
  const other = await scene.database.admin.connect()
  await other.query(`select pg_advisory_lock(hashtext('terra reindex'), hashtext('chain'))`)
  const locked = await asIndexer(['--compare-only'])
  other.release(true)
  expect([locked.code, locked.err.includes('error LOCKED: Another terra reindex is at work on chain')]).to.deep.equal([1, true])
})
