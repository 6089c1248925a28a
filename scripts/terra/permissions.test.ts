import { after, before, test } from 'node:test'
import { expect } from 'chai'
import { openScene, type Scene } from './testing-scene.ts'

let scene: Scene
before(async () => {
  scene = await openScene()
})
after(() => scene.close())

test('a right is granted to a role and taken again, once each, and only after somebody said so', async () => {
  const rolesOf = async () => {
    const { permissions } = JSON.parse((await scene.terra(['permissions', 'list', '--json'])).out)
    return permissions.find(({ code }: { code: string }) => code === 'review.work').roles
  }
  expect(await rolesOf()).to.deep.equal(['admin', 'compliance', 'operator', 'super_admin'])
  const grant = ['permissions', 'grant', 'support', 'review.work']
  expect((await scene.terra(grant)).err).to.contain('error CONFIRM_REQUIRED')
  expect((await scene.terra([...grant, '--dry-run'])).out).to.contain('Nothing was changed')
  expect(await rolesOf()).to.not.include('support')
  expect((await scene.terra([...grant, '--yes'])).out).to.contain('Every support may from now on')
  expect((await scene.terra([...grant, '--yes'])).out).to.equal('Already done.\n')
  expect(await rolesOf()).to.include('support')
  expect((await scene.terra(['permissions', 'revoke', 'support', 'review.work', '--yes'])).out).to.contain('No support may')
  expect(await rolesOf()).to.not.include('support')
  expect((await scene.terra(['permissions', 'grant', 'nobody', 'review.work', '--yes'])).err).to.contain('error NOT_FOUND')
  expect((await scene.terra(['permissions', 'grant', 'support', 'everything', '--yes'])).err).to.contain('error NOT_FOUND')
  const { rows } = await scene.database.admin.query(
    `select actor, action, subject from app.audit where action like '%role_permission' and actor = 'operator' order by id`,
  )
  expect(rows.map(({ action, subject }) => `${action}: ${subject}`)).to.deep.equal([
    'insert role_permission: role_permission support review.work',
    'delete role_permission: role_permission support review.work',
  ])
})

test('an account gets its role, unless it acts for an issuer', async () => {
  const { admin } = scene.database
  const insert = `insert into app.account (email, password_hash) values ($1, 'x') returning id`
  const ids: string[] = []
  for (const name of ['free', 'bound']) ids.push((await admin.query(insert, [`${name}@staff.example`])).rows[0].id)
  const assign = (name: string, role: string) => scene.terra(['permissions', 'assign', `${name}@staff.example`, role, '--yes'])
  expect((await assign('free', 'compliance')).out).to.contain('is compliance instead of investor')
  expect((await assign('free', 'compliance')).out).to.equal('Already done.\n')
  expect((await assign('free', 'king')).err).to.contain('error NOT_FOUND')
  expect((await assign('absent', 'support')).err).to.contain('error NOT_FOUND')
  const { rows } = await admin.query(`insert into app.issuer (name, country) values ('Bound', 'DE') returning id`)
  await admin.query('insert into app.issuer_member (issuer_id, account_id) values ($1, $2)', [rows[0].id, ids[1]])
  expect((await assign('bound', 'support')).err).to.contain('error REFUSED')
  expect((await assign('bound', 'investor')).err).to.contain('error REFUSED')
})
