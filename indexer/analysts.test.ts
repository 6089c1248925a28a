import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { openPool, type Pool } from '../common/node/db.ts'
import { type Mirror, openMirror, type Scene, startScene } from './testing.ts'
import { liveThrough } from './testing-everything.ts'

const text = await readFile(join(import.meta.dirname, '..', 'docs', 'analysts.md'), 'utf8')
/** Each example with the sentence before it. */
const examples = [...text.matchAll(/([^\n]+)\n\n```sql\n(.*?)```/gs)].map(([, question, sql]) => ({ question: question!, sql: sql! }))

describe('docs/analysts.md', () => {
  let scene: Scene
  let mirror: Mirror
  let pool: Pool
  before(async () => {
    scene = await startScene()
    await liveThrough(scene)
    mirror = await openMirror(scene)
    await scene.chain.client.mine({ blocks: 5 })
    await mirror.catchUp()
    pool = openPool(mirror.database.urlOf('terra_analyst'))
  })
  after(async () => {
    await pool?.end()
    await mirror?.close()
    await scene.chain.stop()
  })

  it('has a dozen examples or more', () => {
    expect(examples.length).to.be.at.least(12)
  })

  for (const { question, sql } of examples)
    it(`answers: ${question}`, async () => {
      expect(sql).to.match(/block/)
      expect((await pool.query(sql)).rowCount).to.be.above(0)
    })

  it('is about figures that add up', async () => {
    const one = async (sql: string) => (await pool.query(sql)).rows[0]
    const held = await one(
      'select holders, units, herfindahl::float, top_10_share::float from analytics.concentration where project_id = 2',
    )
    expect(held).to.deep.equal({ holders: 1, units: '1000', herfindahl: 1, top_10_share: 1 })
    const project = await one('select supply, holders from chain.project where project_id = 1')
    const spread = await one('select units, holders from analytics.concentration where project_id = 1')
    expect(spread).to.deep.equal({ units: project.supply, holders: project.holders })
    const flows = await one('select sum(minted) - sum(taken_back) as units from analytics.flows where project_id = 1')
    expect(flows.units).to.equal(project.supply)
    const cohorts = await one('select sum(still_holding)::int as holders, sum(units) as units from analytics.cohorts where project_id = 1')
    expect(cohorts).to.deep.equal({ holders: project.holders, units: project.supply })
    // What is neither claimed nor claimable was lost in rounding down: less than a unit of the token per claim and epoch.
    const money = await one(
      'select distributed - claimed - clawed_back - claimable as dust from analytics.distributions where project_id = 1',
    )
    expect(Number(money.dust)).to.be.within(0, 50)
    const locked = await one('select units_free_by_then as units from analytics.unlock_calendar order by unlocks_on desc limit 1')
    expect(locked).to.equal(undefined)
    const exit = await one('select state, holders_moved, units_moved, remaining from analytics.exits where project_id = 2')
    expect(exit).to.deep.equal({ state: 'exited', holders_moved: 4, units_moved: '1000', remaining: '0' })
    const vote = await one(
      `select voters, for_units, against_units, abstain_units, turnout::int from analytics.votes where step = 'executed'`,
    )
    expect(vote).to.deep.equal({ voters: 4, for_units: '500', against_units: '300', abstain_units: '200', turnout: 1 })
    const sale = await one(
      'select state, progress::float, investors, commitments, cancelled, withdrawn from analytics.sales where project_id = 3',
    )
    expect(sale).to.deep.equal({ state: 'succeeded', progress: 1.15, investors: 3, commitments: 6, cancelled: 3, withdrawn: '60000' })
  })

  it('names every view of analytics', async () => {
    const { rows } = await pool.query(
      `select relname as name from pg_class where relnamespace = 'analytics'::regnamespace and relkind in ('r', 'v', 'm')`,
    )
    expect(
      rows.map(({ name }) => name).filter((name) => !text.includes(`\`${name}\``) && !text.includes(`analytics.${name}`)),
    ).to.deep.equal([])
  })

  it('is true of the role: it reads both schemas and which version they are, nothing else, and writes nowhere', async () => {
    const { rows: readable } = await mirror.database.admin.query(
      `select n.nspname || '.' || c.relname as name, has_table_privilege('terra_analyst', c.oid, 'select') as reads,
        has_table_privilege('terra_analyst', c.oid, 'insert, update, delete, truncate') as writes
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'v', 'm', 'p') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg_toast%'`,
    )
    const isOpen = (name: string) => /^(chain|analytics)\./.test(name) || name === 'public.migration'
    const reads = await Promise.all(
      readable.map(async ({ name }) => [
        name,
        await pool.query(`select from ${name} limit 1`).then(
          () => true,
          () => false,
        ),
      ]),
    )
    const wrong = readable.filter(({ name, writes }) => Object.fromEntries(reads)[name] !== isOpen(name) || writes)
    expect(readable.length).to.be.above(100)
    expect(wrong.map(({ name }) => name)).to.deep.equal([])
    for (const schema of ['chain', 'analytics', 'app', 'public'])
      expect(await pool.query(`create table ${schema}.mine (x int)`).catch((error) => error.message)).to.match(/permission denied/)
  })
})
