import { after, before, test } from 'node:test'
import { expect } from 'chai'
import { openScene, type Scene } from './testing-scene.ts'

let scene: Scene
before(async () => {
  scene = await openScene()
})
after(() => scene.close())

test('transfers are listed by their state, those that wait unless told otherwise', async () => {
  expect((await scene.terra(['wires'])).out).to.equal('No transfer is proposed.\n')
  const { admin } = scene.database
  await admin.query(
    `with person as (insert into app.account (email, password_hash, role) values ('a@staff.example', 'x', 'operator') returning id),
       issuer as (insert into app.issuer (name, country) values ('Sun AG', 'DE') returning id),
       project as (
         insert into app.project
           (issuer_id, slug, name, summary, description, technology, build_status, country, city, latitude, longitude, capacity_kw, annual_mwh,
            unit_price_cents, units_offered, min_investment_cents, expected_return_bps, exit_years, exit_target_per_unit)
         select id, 'sun', 'Sun', 's', 'd', 'solar', 'operating', 'DE', 'Bonn', 50, 7, 1000, 1000, 1000, 100, 1000, 500, 10, 0 from issuer
         returning project_id, issuer_id
       ),
       investment as (
         insert into app.investment
           (id, chain_investment_id, account_id, project_id, issuer_id, wallet, units, unit_price_cents, amount_cents, currency, state, reserved_until,
            created_at, updated_at, wire_reference)
         select '6f1c0a52-9a55-4b0e-8b0e-0d7b7c1f0a11', '0x' || repeat('1', 64), person.id, project_id, issuer_id, '0x' || repeat('2', 40), 10, 1000,
           10000, 'USD', 'awaiting_payment', now(), now(), now(), 'TL0123456789'
         from person, project
         returning id, account_id
       )
     insert into app.wire (direction, bank_ref, investment_id, reference, amount_minor, currency, booked_on, proposed_by, proposed_at)
     select 'in', 'bank 1', id, 'TL0123456789', 10000, 'USD', '2026-11-20', account_id, '2026-11-21T09:00:00Z' from investment`,
  )
  expect((await scene.terra(['wires'])).out).to.match(/in +bank 1 +TL0123456789 +100\.00 +USD +2026-11-20 +2026-11-21T09:00:00\.000Z/)
  expect((await scene.terra(['wires', '--state', 'booked'])).out).to.equal('No transfer is booked.\n')
  const { wires } = JSON.parse((await scene.terra(['wires', '--json'])).out)
  expect(wires[0]).to.include({ amountMinor: '10000', state: 'proposed', decidedBy: null })
  expect((await scene.terra(['wires', '--state', 'lost'])).code).to.equal(2)
})
