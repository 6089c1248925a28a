import { after, before, test } from 'node:test'
import { expect } from 'chai'
import { openScene, type Scene } from './testing-scene.ts'

let scene: Scene
before(async () => {
  scene = await openScene()
})
after(() => scene.close())

test('what is due is shown without being changed, and ended once somebody says so', async () => {
  const { admin } = scene.database
  expect((await scene.terra(['retention', '--yes'])).out).to.equal('Nothing is due.\n')
  await admin.query(`insert into app.siwe_nonce values ('old', '', now() - interval '2 days'), ('young', '', now())`)
  const planned = await scene.terra(['retention', '--dry-run', '--json'])
  const { classes, dryRun } = JSON.parse(planned.out)
  expect(dryRun).to.equal(true)
  expect(classes.filter(({ rows }: { rows: number }) => rows > 0)).to.deep.equal([
    { name: 'wallet challenges', kept: 'a day after they ran out', rows: 1 },
  ])
  const count = async () => (await admin.query('select from app.siwe_nonce')).rowCount
  expect(await count()).to.equal(2)
  expect((await scene.terra(['retention'])).err).to.contain('error CONFIRM_REQUIRED')
  expect((await scene.terra(['retention', '--yes'])).out).to.equal('Ended 1 rows.\n')
  expect(await count()).to.equal(1)
})
