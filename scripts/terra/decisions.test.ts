import { after, before, test } from 'node:test'
import { expect } from 'chai'
import type { Facts } from '../../api/investments/ask.ts'
import { decide } from '../../api/investments/decide.ts'
import { recordDecision } from '../../api/investments/decision.ts'
import { listRules } from '../../api/investments/facts.ts'
import { openScene, type Scene } from './testing-scene.ts'

let scene: Scene
before(async () => {
  scene = await openScene()
})
after(() => scene.close())

const FACTS: Facts = {
  kycApproved: true,
  country: 'DE',
  wallet: `0x${'a'.repeat(40)}`,
  walletRegistered: true,
  investorClass: 0,
  finances: { annualIncomeCents: 6_000_000n, netWorthCents: 2_000_000n, outsideCents: 0n, statedAt: new Date('2026-10-01T00:00:00Z') },
  project: {
    state: 'active',
    unitPriceCents: 1_000n,
    minInvestmentCents: 1_000n,
    unitsRemaining: 1_000n,
    exemption: 'reg_cf',
    ownCents: 0n,
    issuerCents: 0n,
  },
  regCfCommitments: [],
  amountCents: 400_000n,
}

test('kept decisions are explained, made again, and told apart once somebody edited a rule', async () => {
  const { admin } = scene.database
  const none = await scene.terra(['decisions'])
  expect([none.code, none.out]).to.deep.equal([0, '0 of 0 decisions are answered the same.\n'])

  await scene.addProject(1, 'Atacama')
  const account = (await admin.query<{ id: string }>('insert into app.account default values returning id')).rows[0]!.id
  const at = new Date('2026-11-01T00:00:00Z')
  const id = '6f1c0a52-9a55-4b0e-8b0e-0d7b7c1f0a11'
  const findings = decide(await listRules(admin, at), FACTS, at)
  await recordDecision(admin, { subject: 'invest', order: { id, accountId: account, projectId: 1 }, facts: FACTS, findings }, at)
  const same = await scene.terra(['decisions', '--json'])
  expect(same.code).to.equal(0)
  expect(JSON.parse(same.out)).to.deep.include({ total: 1, same: 1, withoutFacts: 0, different: [] })

  const { code, out } = await scene.terra(['decisions', '--investment', id])
  expect(code).to.equal(0)
  expect(out).to.match(/^Order, 2026-11-01T00:00:00\.000Z: refused$/m)
  expect(out).to.match(
    /✘ REG_CF_INVESTOR: Investment exceeds Regulation Crowdfunding limits\. You may invest \$3,000\.00[^\n]*\n +17 CFR 227\.100[^\n]*in force since 2022-09-20\n +Not confirmed: That the ceiling/,
  )
  expect((await scene.terra(['decisions', '--investment', 'x'])).err).to.contain('error USAGE')
  expect((await scene.terra(['decisions', '--investment', id.replace('6f', '7f')])).err).to.contain('error NOT_FOUND')

  await admin.query(
    `update app.rule set value = jsonb_set(value, '{belowBps}', '1000') where code = 'REG_CF_INVESTOR' and effective_to is null`,
  )
  const edited = await scene.terra(['decisions'])
  expect(edited.code).to.equal(1)
  expect(edited.out).to.contain('REG_CF_INVESTOR answers otherwise').and.to.contain('0 of 1 decisions are answered the same. 1 are not.')
})
