import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { expect } from 'chai'
import pg from 'pg'
import type { Hex } from 'viem'
import type { Db } from '../common/node/db.ts'
import { openLog } from '../common/node/log.ts'
import { freshDatabase, type TestDatabase, until } from '../common/node/testing.ts'
import { moveHoldings, sumHoldings } from './holdings.ts'
import { inTransaction } from './in-transaction.ts'
import { heal } from './incident.ts'
import { keepSnapshots } from './keep-snapshots.ts'
import { openMirrorSchema } from './schema.ts'
import { dropSnapshotsAbove, findDueSnapshots, isOvertaken, makeSnapshot, type SnapshotPlace } from './snapshots.ts'
import { createRandom, seedOf } from './testing.ts'
import { checkSnapshots } from './verify-snapshots.ts'
import { createFindings } from './verify-types.ts'

const START = 100
const HEAD = 500
const FINAL = 450
const PROJECTS = [1, 2, 3]
const ZERO = `0x${'0'.repeat(40)}`
const HASH: Hex = `0x${'1'.repeat(64)}`

/** Added up in the plainest way there is. */
const PLAIN = `
  select holder, sum(delta)::text as units
  from (
    select to_address as holder, units as delta from transfer where project_id = $1 and block_number <= $2
    union all select from_address, -units from transfer where project_id = $1 and block_number <= $2
  ) moved
  where holder <> '${ZERO}'
  group by holder
  having sum(delta) <> 0
  order by holder`
const ASKED = 'select holder, units::text from holding_at($1, $2) order by holder'

describe('snapshots of holdings', () => {
  const random = createRandom(seedOf('snapshots'))
  let database: TestDatabase
  let db: pg.Client

  const openDb = async () => {
    const client = new pg.Client({ connectionString: database.urlOf('terra_indexer') })
    client.on('error', () => {})
    await client.connect()
    await client.query('set search_path = chain')
    return client
  }
  before(async () => {
    database = await freshDatabase()
    db = await openDb()
  })
  after(async () => {
    await db.end()
    await database.drop()
  })

  beforeEach(async () => {
    const rows = PROJECTS.flatMap(movesOf).sort((a, b) => a.block - b.block)
    await db.query(
      `insert into transfer (block_number, log_index, batch_index, block_time, tx_hash, operator, from_address, to_address, project_id, units)
      select block, place, 0, now(), $1, $2, sender, receiver, project, units
      from unnest($3::int[], $4::bigint[], $5::text[], $6::text[], $7::numeric[]) with ordinality
        moved (project, block, sender, receiver, units, place)`,
      [HASH, ZERO, ...(['project', 'block', 'from', 'to', 'units'] as const).map((name) => rows.map((row) => row[name]))],
    )
    await db.query(
      `insert into block (block_number, block_hash, parent_hash, block_time)
      select number, '0x' || lpad(to_hex(number), 64, '0'), $1, now() from generate_series($2::int, $3::int) number`,
      [HASH, START, HEAD],
    )
    await db.query(
      `insert into checkpoint (chain_id, contract, start_block, block_number, block_hash, block_time, final_block, holding_block)
      values (1, $1, $2, $3, $4, now(), $5, $3)`,
      [ZERO, START, HEAD, HASH, FINAL],
    )
    await sumHoldings(db)
  })
  afterEach(async () => {
    await db.query('truncate checkpoint, block, transfer, holding, holding_snapshot')
  })

  /** Holders come and go: some give all they have, some to themselves, some burn. */
  function movesOf(project: number) {
    const held = new Map([[addressOf(1), 1_000]])
    const moves = [{ project, block: START, from: ZERO, to: addressOf(1), units: 1_000 }]
    const blocks = Array.from({ length: 300 }, () => START + random.int(HEAD - START + 1)).sort((a, b) => a - b)
    for (const block of blocks) {
      const from = random.next() < 0.1 ? ZERO : random.pick([...held.keys()])
      const has = from === ZERO ? 100 : held.get(from)!
      const to = from !== ZERO && random.next() < 0.05 ? ZERO : addressOf(1 + random.int(14))
      const units = random.next() < 0.4 ? has : random.int(has + 1)
      if (from !== ZERO) held.set(from, has - units)
      if (to !== ZERO) held.set(to, (held.get(to) ?? 0) + units)
      moves.push({ project, block, from, to, units })
    }
    return moves
  }

  async function expectPlainAnswers(times: number) {
    const edges = [-5, 0, START - 1, START, FINAL, HEAD - 1, HEAD, HEAD + 1, '9223372036854775807', '-9223372036854775808']
    const blocks = [...edges, ...Array.from({ length: times }, () => START - 5 + random.int(HEAD - START + 10))]
    for (const block of blocks) {
      const asked = [random.pick([...PROJECTS, 4]), block]
      const [plain, answer] = [await db.query(PLAIN, asked), await db.query(ASKED, asked)]
      expect(answer.rows, `project ${asked[0]} at block ${block}`).to.deep.equal(plain.rows)
    }
  }
  const placesOf = async () =>
    (
      await db.query<{ projectId: number; block: string }>(
        'select project_id as "projectId", block_number as block from holding_snapshot order by 1, 2',
      )
    ).rows
  async function makeSome(count: number) {
    const blocks = Array.from({ length: count }, () => START + random.int(FINAL - START + 1)).sort((a, b) => a - b)
    for (const block of new Set(blocks))
      await makeSnapshot(db, { projectId: random.pick(PROJECTS), block: BigInt(block) }).catch((error) => {
        // One of them may be there.
        if (!isOvertaken(error)) throw error
      })
  }
  async function makeDue(every: number): Promise<SnapshotPlace[]> {
    const made: SnapshotPlace[] = []
    for (let before = -1; made.length > before; ) {
      before = made.length
      for await (const due of findDueSnapshots(db, every))
        for (const place of due) {
          await makeSnapshot(db, place)
          made.push(place)
        }
    }
    return made
  }
  async function findWrong() {
    const findings = createFindings()
    await checkSnapshots(db, findings)
    return findings.mismatches
  }

  it('never change what holding_at says, whether there are none, some or many, anywhere', async () => {
    await expectPlainAnswers(40)
    for (const count of [1, 3, 10, 60]) {
      await makeSome(count)
      await expectPlainAnswers(60)
    }
    await db.query('delete from holding_snapshot where random() < 0.5')
    await expectPlainAnswers(60)
    expect(await findWrong()).to.deep.equal([])
  })

  it('leave holding_at right while a first load has not added holdings up, or not up to its last block', async () => {
    await makeSome(4)
    await db.query('delete from holding')
    await db.query('update checkpoint set holding_block = -1')
    await expectPlainAnswers(40)
    await moveHoldings(db, 1, 0n, 300n)
    await db.query('update checkpoint set holding_block = 300')
    await expectPlainAnswers(40)
    await db.query('truncate holding_snapshot')
    await expectPlainAnswers(40)
  })

  it('are due after so many transfers of a project, or half as many as it has holders, and only at final blocks', async () => {
    const made = await makeDue(50)
    expect(made.length).to.be.greaterThan(9)
    for (const projectId of PROJECTS) {
      const blocks = [0n, ...made.filter((place) => place.projectId === projectId).map(({ block }) => block)]
      for (const [at, block] of blocks.slice(1).entries()) {
        const { rows } = await db.query<{ count: number; before: number }>(
          `select count(*)::int as count, count(*) filter (where block_number < $2)::int as before
          from transfer where project_id = $1 and block_number > $3 and block_number <= $2`,
          [projectId, block, blocks[at]],
        )
        expect(rows[0]!.count).to.be.at.least(50)
        expect(rows[0]!.before).to.be.below(50)
        expect(Number(block)).to.be.at.most(FINAL)
      }
    }
    expect(await makeDue(50)).to.deep.equal([])
    await expectPlainAnswers(40)
    await db.query('truncate holding_snapshot')
    await makeDue(1)
    // Each is half as many transfers after one as that has holders, or more, where a block has several.
    const { rows } = await db.query<{ tooSoon: number }>(
      `select count(*)::int as "tooSoon"
      from (select *, lag(holder_count) over earlier as had, lag(block_number) over earlier as before
        from holding_snapshot window earlier as (partition by project_id order by block_number)) s
      where (select count(*) from transfer t where t.project_id = s.project_id and t.block_number > coalesce(before, -1) and t.block_number <= s.block_number)
        < greatest(had / 2, 1)`,
    )
    expect(rows[0]!.tooSoon).to.equal(0)
  })

  it('are not made of a block that is not final', async () => {
    expect(await makeSnapshot(db, { projectId: 1, block: BigInt(FINAL + 1) })).to.equal(false)
    expect(await placesOf()).to.deep.equal([])
  })

  it('go when the chain takes final blocks back, and holding_at follows it', async () => {
    await makeSome(40)
    const base = 300 + random.int(100)
    await heal(db, mirrored, { number: BigInt(base), hash: HASH })
    expect((await placesOf()).filter(({ block }) => Number(block) > base)).to.deep.equal([])
    expect((await placesOf()).length).to.be.greaterThan(0)
    await expectPlainAnswers(60)
    expect(await findWrong()).to.deep.equal([])
  })

  it('are not made when the mirror changed in the middle, nor block it', async () => {
    const other = await openDb()
    const interfering = (before: RegExp, act: () => Promise<unknown>): Db => ({
      query: (async (text: string, values?: unknown[]) => {
        if (before.test(text)) await act()
        return db.query(text, values)
      }) as never,
    })
    const place = { projectId: 1, block: 400n }
    for (const moment of [/insert into holding_snapshot/, /for share/]) {
      const rolledBack = async () => {
        await inTransaction(other, async () => {
          await other.query('select from checkpoint for update')
          await dropSnapshotsAbove(other, 350n)
          await other.query('update checkpoint set updated_at = now()')
        })
      }
      const error = await makeSnapshot(interfering(moment, rolledBack), place).catch((error) => error)
      expect(isOvertaken(error)).to.equal(true)
      expect(await placesOf()).to.deep.equal([])
    }
    // Two makers: one of them does.
    const both = await makeSnapshot(
      interfering(/insert into holding_snapshot/, () => makeSnapshot(other, place)),
      place,
    ).catch((error) => error)
    expect(isOvertaken(both)).to.equal(true)
    expect(await placesOf()).to.have.length(1)
    await other.end()
  })

  it('that are wrong are found, the first of a project', async () => {
    await makeDue(40)
    const places = (await placesOf()).filter(({ projectId }) => projectId === 2)
    const wrong = random.pick(places).block
    await db.query('update holding_snapshot set units[1] = units[1] + 5 where project_id = 2 and block_number = $1', [wrong])
    const found = await findWrong()
    expect(found).to.have.length(1)
    expect(found[0]).to.include({ check: 'snapshot', projectId: 2 })
    expect(found[0]!.mirror).to.match(new RegExp(` at block ${wrong}$`))
    await db.query('update checkpoint set final_block = $1', [FINAL - 200])
    expect((await findWrong()).some(({ chain }) => chain === 'not final')).to.equal(true)
  })

  it('are made in the background until none is due, and again when more is', async () => {
    const stopping = new AbortController()
    const keeping = keepSnapshots(openDb, openLog('test', 'silent'), stopping.signal, { every: 30, pauseMs: 1, roundMs: 20 })
    const due = async () => {
      let count = 0
      for await (const places of findDueSnapshots(db, 30)) count += places.length
      return count
    }
    await until(async () => (await due()) === 0)
    const before = (await placesOf()).length
    expect(before).to.be.greaterThan(9)
    await db.query('update checkpoint set final_block = block_number')
    await until(async () => (await due()) === 0)
    expect((await placesOf()).length).to.be.greaterThan(before)
    stopping.abort()
    await keeping
    await expectPlainAnswers(40)
    expect(await findWrong()).to.deep.equal([])
  })

  it('get their table in a mirror that was made before there was one', async () => {
    const own = new pg.Client({ connectionString: database.urlOf('terra_indexer') })
    await own.connect()
    await openMirrorSchema(own, 'chain_older')
    await own.query('drop table chain_older.holding_snapshot cascade')
    await openMirrorSchema(own, 'chain_older')
    await own.query(`insert into checkpoint (chain_id, contract, start_block, block_number, block_hash, block_time, final_block, holding_block)
      values (1, '${ZERO}', 1, 9, '${HASH}', now(), 9, 9)`)
    await own.query(`insert into transfer values (5, 1, 0, now(), '${HASH}', '${ZERO}', '${ZERO}', '${addressOf(1)}', 1, 7)`)
    await sumHoldings(own)
    await makeSnapshot(own, { projectId: 1, block: 6n })
    const { rows } = await own.query('select units::text from chain_older.holding_at(1, 6)')
    expect(rows).to.deep.equal([{ units: '7' }])
    await own.end()
  })
})

const mirrored = { chainId: 1, contracts: { ownership: ZERO }, startBlock: BigInt(START) } as never

function addressOf(number: number): string {
  return `0x${number.toString(16).padStart(40, 'a')}`
}
