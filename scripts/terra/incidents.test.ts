import { after, before, test } from 'node:test'
import { expect } from 'chai'
import { openScene, type Scene } from './testing-scene.ts'

let scene: Scene
before(async () => {
  scene = await openScene()
})
after(() => scene.close())

test('a final block that was replaced is shown, and reviewed once with its reason', async () => {
  const none = await scene.terra(['incidents'])
  expect([none.code, none.out]).to.deep.equal([0, 'No final block was replaced that nobody has looked at. Nothing halts minting.\n'])
  await scene.database.admin.query('insert into chain.incident (block_number, block_hash, replaced_by) values (7, $1, $2)', [
    `0x${'a'.repeat(64)}`,
    `0x${'b'.repeat(64)}`,
  ])
  const open = await scene.terra(['incidents', '--json'])
  expect(open.code).to.equal(1)
  expect(JSON.parse(open.out).incidents).to.have.length(1)
  const asked = await scene.terra(['incidents', '--review', 'verified'])
  expect([asked.code, asked.err.includes('error CONFIRM_REQUIRED')]).to.deep.equal([2, true])
  const empty = await scene.terra(['incidents', '--review', ' ', '--yes'])
  expect([empty.code, empty.err.includes('A review needs its reason')]).to.deep.equal([2, true])
  const reviewed = await scene.terra(['incidents', '--review', 'verified against two providers', '--yes'])
  expect([reviewed.code, reviewed.out]).to.deep.equal([0, 'Reviewed 1. Minting goes on.\n'])
  expect((await scene.terra(['incidents'])).code).to.equal(0)
})
