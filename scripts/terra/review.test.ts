import { after, before, test } from 'node:test'
import { expect } from 'chai'
import { openCases } from '../../api/review/open-cases.ts'
import { openScene, type Scene } from './testing-scene.ts'

let scene: Scene
before(async () => {
  scene = await openScene()
})
after(() => scene.close())

test('what waits at the desk is listed, and a late case makes the exit code 1', async () => {
  const none = await scene.terra(['review'])
  expect([none.code, none.out]).to.deep.equal([0, 'Nothing waits.\n'])
  const { rows } = await scene.database.admin.query<{ id: string }>('insert into app.account default values returning id')
  const about = { accountId: rows[0]!.id, reason: 'Like an entry', evidence: { ref: '7' } }
  await openCases(scene.database.admin, [{ ...about, kind: 'sanctions', subject: 'one' }], new Date())
  await openCases(scene.database.admin, [{ ...about, kind: 'kyc', subject: 'two' }], new Date(Date.now() - 30 * 86_400_000))
  const list = await scene.terra(['review', '--json'])
  expect(list.code).to.equal(1)
  const { cases, late } = JSON.parse(list.out)
  expect([cases.map(({ kind }: { kind: string }) => kind), late]).to.deep.equal([['kyc', 'sanctions'], 1])
  const ofKind = await scene.terra(['review', '--kind', 'sanctions'])
  expect([ofKind.code, ofKind.out.split('\n').length]).to.deep.equal([0, 4])
  const one = await scene.terra(['review', cases[1].id])
  expect(one.out).to.contain('"ref": "7"').and.contain('opened')
  expect((await scene.terra(['review', 'x'])).err).to.contain('error NOT_FOUND')
  expect((await scene.terra(['review', '--kind', 'x'])).err).to.contain('error USAGE')
})
