import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { freshDatabase, type TestDatabase } from '../common/node/testing.ts'

const HOLDER = `0x${(500).toString(16).padStart(40, '0')}`

describe('views over fifty thousand transfers', () => {
  let database: TestDatabase

  before(async () => {
    database = await freshDatabase()
    const { admin } = database
    const hash = (value: string) => `'0x' || lpad(to_hex(${value}), 64, '0')`
    const address = (value: string) => `'0x' || lpad(to_hex(${value}), 40, '0')`
    await admin.query(`insert into chain.block select g, ${hash('g')}, ${hash('g - 1')}, now(), 1 from generate_series(1, 13000) g`)
    // Ten thousand mints to five thousand holders, then forty thousand transfers among them.
    await admin.query(
      `insert into chain.transfer
      select g / 4 + 1, (g % 4)::int, 0, now(), ${hash('g')}, ${address('1')},
        case when g < 10000 then ${address('0')} else ${address('1 + (g * 7919) % 5000')} end,
        ${address('1 + (g * 104729) % 5000')}, (1 + g % 12)::int, case when g < 10000 then 1000000 else 1 + g % 5 end
      from generate_series(0::bigint, 49999) g`,
    )
    await admin.query(
      `insert into chain.epoch
      select 3000 + epoch * 800, 100 + project, now(), ${hash('1')}, project, epoch, 1000000, 1000000, epoch * 5 * 18446744073709551616 / 7
      from generate_series(1, 12) project, generate_series(1, 12) epoch`,
    )
    await admin.query(
      `insert into chain.account_set
      select g, 900, now(), ${hash('g')}, ${address('g % 5000')}, 3, now(), 756, 0, g from generate_series(1, 10000) g`,
    )
    await admin.query('analyze')
  })
  after(() => database.drop())

  const planOf = async (query: string, ...values: unknown[]) => {
    const { rows } = await database.admin.query(`explain (format json) ${query}`, values)
    return JSON.stringify(rows[0]['QUERY PLAN'])
  }

  for (const view of ['chain.holding', 'chain.claimable'])
    it(`${view} finds one holder by index`, async () => {
      const plan = await planOf(`select * from ${view} where holder = $1`, HOLDER)
      expect(plan).to.include('"transfer_to"').and.to.include('"transfer_from"')
      expect(plan).not.to.match(/"Seq Scan"[^{}]*"Relation Name":"transfer"/)
    })

  for (const view of ['chain.holding', 'chain.claimable'])
    it(`${view} finds one project by index`, async () => {
      const plan = await planOf(`select * from ${view} where project_id = $1`, 3)
      expect(plan).to.match(/"Index Cond":"\(+project_id = 3\)/)
      expect(plan).not.to.match(/"Seq Scan"[^{}]*"Relation Name":"transfer"/)
    })

  it('chain.account finds one address by index', async () => {
    expect(await planOf('select * from chain.account where account = $1', HOLDER)).to.include('"account_set_account"')
  })

  it('agree with each other', async () => {
    const { rows } = await database.admin.query(
      `select count(*)::int as differences
      from (select project_id, holder, units from chain.holding where project_id = 3) a
      full join chain.holding_at(3, 1000000) b using (project_id, holder)
      where a.units is distinct from b.units`,
    )
    expect(rows[0].differences).to.equal(0)
  })
})
