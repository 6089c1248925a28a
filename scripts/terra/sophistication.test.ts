import { after, before, test } from 'node:test'
import { expect } from 'chai'
import { openScene, type Scene } from './testing-scene.ts'

let scene: Scene
before(async () => {
  scene = await openScene()
})
after(() => scene.close())

test('a request is listed, approved for two years by somebody with a name, and answered once', async () => {
  const { admin } = scene.database
  expect((await scene.terra(['sophistication'])).out).to.equal('No request is open.\n')
  const account = (await admin.query<{ id: string }>('insert into app.account default values returning id')).rows[0]!.id
  const insert = `insert into app.sophistication (account_id, evidence, criteria, requested_at) values ($1, '{"fewestTrades": 12}', '{trades,profession}', now()) returning id`
  const [first, second] = [(await admin.query(insert, [account])).rows[0].id, (await admin.query(insert, [account])).rows[0].id]
  expect((await scene.terra(['sophistication'])).out)
    .to.contain('trades, profession')
    .and.to.contain('fewestTrades 12')
  expect((await scene.terra(['sophistication', '--approve', first, '--yes'])).err).to.contain('error USAGE')
  expect((await scene.terra(['sophistication', '--approve', first, '--by', 'M. Weber', '--dry-run'])).out).to.contain('Nothing was changed')
  const approved = await scene.terra(['sophistication', '--approve', first, '--by', 'M. Weber', '--yes', '--json'])
  const { validUntil } = JSON.parse(approved.out)
  const inTwoYears = new Date()
  inTwoYears.setUTCFullYear(inTwoYears.getUTCFullYear() + 2)
  expect(Math.abs(new Date(validUntil).getTime() - inTwoYears.getTime())).to.be.lessThan(60_000)
  expect((await scene.terra(['sophistication', '--refuse', first, '--by', 'M. Weber', '--yes'])).err).to.contain('error NOT_FOUND')
  expect((await scene.terra(['sophistication', '--refuse', second, '--by', 'M. Weber', '--yes'])).out).to.contain('is refused')
  const { rows } = await admin.query('select id, decided_by, valid_until is not null as approved from app.sophistication order by approved')
  expect(rows).to.deep.equal([
    { id: second, decided_by: 'M. Weber', approved: false },
    { id: first, decided_by: 'M. Weber', approved: true },
  ])
})
