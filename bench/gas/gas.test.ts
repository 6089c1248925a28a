import { test } from 'node:test'
import { expect } from 'chai'
import { missedGates, verdictOf, verdictOfRatio } from './gates.ts'
import { findGains, findRegressions } from './snapshot.ts'
import { formatTable } from './table.ts'

test('A figure that got worse by more than half a percent is a regression', () => {
  const before = { ours: { exit: 10_000, open: 90_000 } }
  expect(findRegressions(before, { ours: { exit: 10_050, open: 90_000 } })).to.deep.equal([])
  expect(findRegressions(before, { ours: { exit: 10_051, open: 90_000 } })).to.deep.equal([
    { figure: 'ours.exit', before: 10_000, after: 10_051 },
  ])
})

test('A figure that is no longer measured, or that the snapshot does not know, is a regression', () => {
  const found = findRegressions({ ours: { exit: 10_000 } }, { ours: { open: 90_000 } })
  expect(found.map(({ figure }) => figure)).to.deep.equal(['ours.exit', 'ours.open'])
})

test('A figure that got better is told, so that the snapshot can follow', () => {
  expect(findGains({ ours: { exit: 10_000 } }, { ours: { exit: 9_951 } })).to.deep.equal([])
  expect(findGains({ ours: { exit: 10_000 } }, { ours: { exit: 9_000 } })).to.have.length(1)
})

test('A gate holds up to its figure, and a miss counts unless it says why', () => {
  expect(verdictOf('exit', 11_500, { exit: { atMost: 11_500 } })).to.equal('held')
  expect(verdictOf('exit', 11_501, { exit: { atMost: 11_500 } })).to.equal('missed')
  expect(verdictOf('exit', 11_501, { exit: { atMost: 11_500, because: 'Every lot is moved.' } })).to.equal('explained')
  expect(verdictOf('mintReplay', 1, {})).to.equal(undefined)
  expect(missedGates({ ours: { exit: 2, open: 2 } }, { exit: { atMost: 1 }, open: { atMost: 1, because: 'So.' } })).to.deep.equal(['exit'])
})

test('The table shows the ratio to each of the others, and what the voucher costs by itself', () => {
  const figures = { ours: { mintFresh: 80_000, mintFreshPlain: 70_000, exit: 20_000 }, solady: { mintFresh: 40_000, exit: 8_000 } }
  const table = formatTable(figures, { exit: { atMost: 11_500 } })
  expect(table).to.contain('40,000 (2.00)').and.to.contain('| — of which the voucher | 10,000 |')
  expect(table).to.contain('| missed |').and.to.contain('8,500 above its gate')
})

test('A gate by a peer compares with what that one costs in the same run', () => {
  const gate = { operation: 'transferExisting', peer: 'usual', atMost: 0.5 } as const
  const figures = (gas: number) => ({ ours: { transferExisting: gas }, usual: { transferExisting: 100 } })
  expect(verdictOfRatio(gate, figures(50))).to.deep.equal({ ratio: 0.5, verdict: 'held' })
  expect(verdictOfRatio(gate, figures(51))?.verdict).to.equal('missed')
  expect(verdictOfRatio({ ...gate, because: 'So.' }, figures(51))?.verdict).to.equal('explained')
  expect(verdictOfRatio(gate, { ours: { transferExisting: 50 } })).to.equal(undefined)
  expect(missedGates(figures(51), {}, [gate])).to.deep.equal(['transferExisting'])
})
