import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { expect } from 'chai'
import { postJournal } from '../../api/ledger/post-journal.ts'
import { inTransaction } from '../../common/node/db.ts'
import { openScene, type Scene } from './testing-scene.ts'

const INVESTOR = 'a9f0c2d4-7b1e-4c55-9d0a-0c1f6a2b3d4e'
const CAUSE = '6f1c0a52-9a55-4b0e-8b0e-0d7b7c1f0a11'

let scene: Scene
before(async () => {
  scene = await openScene()
})
after(() => scene.close())

const post = (kind: string, day: string, from: [string, string], to: [string, string], amountMinor: bigint) =>
  inTransaction(scene.database.admin, (db) =>
    postJournal(db, { kind, causeType: 'adjustment', causeId: CAUSE, postedAt: new Date(`${day}T09:30:00Z`) }, [
      { kind: to[0] as 'provider', owner: to[1], currency: 'USD', amountMinor },
      { kind: from[0] as 'investor', owner: from[1], currency: 'USD', amountMinor: -amountMinor },
    ]),
  )

test('balances are told now and at any time, and sum to zero', async () => {
  expect((await scene.terra(['ledger', 'balances'])).out).to.equal('No money was booked.\nAll accounts sum to zero.\n')
  await post('payment_received', '2026-11-01', ['escrow', '7'], ['provider', 'stripe'], 12_345n)
  await post('payment_moved', '2026-11-03', ['investor', INVESTOR], ['escrow', '7'], 12_345n)
  const { code, out } = await scene.terra(['ledger', 'balances'])
  expect(code).to.equal(0)
  expect(out).to.match(new RegExp(`investor  ${INVESTOR}  -123\\.45  USD\\nprovider  stripe +123\\.45  USD\\nAll accounts sum to zero\\.`))
  const then = JSON.parse((await scene.terra(['ledger', 'balances', '--as-of', '2026-11-02', '--json'])).out)
  expect(then.balances).to.deep.equal([
    { account: 'escrow', owner: '7', currency: 'USD', amountMinor: '-12345' },
    { account: 'provider', owner: 'stripe', currency: 'USD', amountMinor: '12345' },
  ])
})

test('a statement opens with what was there, shows what happened and closes with what is', async () => {
  const { out } = await scene.terra(['ledger', 'statement', 'escrow', '7', '--from', '2026-11-02'])
  expect(out)
    .to.match(/^Opening: -123\.45 USD\n/)
    .and.to.match(/payment_moved {2}adjustment 6f1c0a52\S+ {2}123\.45 {2}USD\n/)
  expect(out).to.match(/Closing: 0\.00\n$/)
  expect((await scene.terra(['ledger', 'statement', 'fees'])).out).to.equal('Opening: 0.00\nNothing was booked.\nClosing: 0.00\n')
})

test('the books are written for Beancount and as CSV', async () => {
  const file = join(scene.folder, 'books.beancount')
  expect((await scene.terra(['ledger', 'export', '--out', file])).out).to.equal(`Wrote 4 entries to ${file}.\n`)
  expect(await readFile(file, 'utf8')).to.equal(`option "title" "Terra Lumina"
2026-11-01 open Assets:Provider:Stripe:USD USD
2026-11-01 open Liabilities:Escrow:7:USD USD

2026-11-01 * "payment_received" ^adjustment-${CAUSE}
  journal: 1
  time: "2026-11-01T09:30:00.000Z"
  Assets:Provider:Stripe:USD  123.45 USD
  Liabilities:Escrow:7:USD  -123.45 USD
2026-11-03 open Liabilities:Investor:A${INVESTOR.slice(1)}:USD USD

2026-11-03 * "payment_moved" ^adjustment-${CAUSE}
  journal: 2
  time: "2026-11-03T09:30:00.000Z"
  Liabilities:Escrow:7:USD  123.45 USD
  Liabilities:Investor:A${INVESTOR.slice(1)}:USD  -123.45 USD
`)
  const { out } = await scene.terra(['ledger', 'export', '--format', 'csv', '--to', '2026-11-02'])
  expect(out.split('\n')).to.have.length(4)
  expect(out).to.contain(`1,2026-11-01T09:30:00.000Z,payment_received,adjustment,${CAUSE},escrow,7,USD,-123.45\n`)
})

test('what is wrong is said in a sentence', async () => {
  for (const [args, sentence] of [
    [['ledger', 'statement', 'nobody'], /There is provider, disputes,/],
    [['ledger', 'balances', '--as-of', 'yesterday'], /Give a day or a time/],
    [['ledger', 'balances', '--as-of', '2026-02-31T25:00'], /Give a day or a time/],
    [['ledger', 'export', '--from', '2026-11-02', '--to', '2026-11-01'], /--from must be before --to/],
    [['ledger', 'export', '--json'], /--json needs --out/],
    [['ledger', 'export', '--out', '/nonexistent/books'], /can't be written/],
  ] as const) {
    const { code, err } = await scene.terra([...args])
    expect(code, args.join(' ')).to.not.equal(0)
    expect(err).to.match(sentence)
  }
})
