import { test } from 'node:test'
import { expect } from 'chai'
import { expectSame, formatRow, openRecorder, type StepRecord } from './recorder.ts'

test('each step is timed, printed and passed on', async () => {
  const printed: StepRecord[] = []
  let now = 0
  const recorder = openRecorder(
    (record) => printed.push(record),
    () => (now += 250),
  )
  const result = await recorder.step('Worker mints', async () => ({ note: '10 units', txHash: '0xab' as const, block: 7n }))
  expect(result.block).to.equal(7n)
  expect(printed).to.deep.equal([{ step: 'Worker mints', ok: true, ms: 250, txHash: '0xab', note: '10 units' }])
  expect(formatRow(printed[0]!, 1)).to.match(/^✔ {2}1 {2}Worker mints +0\.3 s {2}10 units\n +0xab$/)
})

test('a step that fails is recorded with its reason and ends the demo', async () => {
  const recorder = openRecorder(() => {})
  const failed = await recorder.step('Holder claims', async () => expectSame('USDC received', 5n, 6n) as never).catch((error) => error)
  expect(failed).to.be.an('error')
  expect(recorder.records[0]).to.include({ ok: false, note: 'USDC received: expected 6, found 5' })
})
