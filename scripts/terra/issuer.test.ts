import { after, before, test } from 'node:test'
import { expect } from 'chai'
import { openScene, type Scene } from './testing-scene.ts'

let scene: Scene
before(async () => {
  scene = await openScene()
})
after(() => scene.close())

test('an issuer is made once, its owner invited by mail, and its terms agreed from now on', async () => {
  const { admin } = scene.database
  const terra = (...args: string[]) => scene.terra(['issuer', ...args, '--yes'])
  expect((await scene.terra(['issuer', 'create', 'Nordwind eG', 'DE'])).err).to.contain('error CONFIRM_REQUIRED')
  expect((await terra('create', 'Nordwind eG', 'Germany')).code).to.equal(2)
  expect((await terra('create', 'Nordwind eG', 'DE')).out).to.contain('Nordwind eG is an issuer')
  expect((await terra('create', 'Nordwind eG', 'DE')).out).to.equal('Already done.\n')

  expect((await terra('invite', 'Nordwind eG', 'eva@nordwind.example')).out).to.contain('as owner')
  const { rows } = await admin.query(
    `select v.email, v.role, v.invited_by, n.kind, o.topic from app.issuer_invitation v
     join app.notification n on n.invitation_id = v.id
     join app.outbox o on o.payload ->> 'notificationId' = n.id::text`,
  )
  expect(rows).to.deep.equal([
    { email: 'eva@nordwind.example', role: 'owner', invited_by: null, kind: 'invitation', topic: 'notification' },
  ])
  expect((await terra('invite', 'Nordwind eG', 'eva')).err).to.contain('error USAGE')
  expect((await terra('invite', 'Nordwind eG', 'eva@nordwind.example', '--as', 'king')).err).to.contain('error USAGE')
  expect((await terra('invite', 'Nobody', 'eva@nordwind.example')).err).to.contain('error NOT_FOUND')

  expect((await terra('terms', 'Nordwind eG', '--fee-bps', '10001')).code).to.equal(2)
  expect((await terra('terms', 'Nordwind eG', '--modules', 'magic')).err).to.contain('error USAGE')
  expect((await terra('terms', 'Nordwind eG', '--fee-bps', '250', '--modules', 'news', 'listing')).out).to.contain('pays 250')
  expect((await terra('terms', 'Nordwind eG', '--fee-bps', '250')).out).to.equal('Already done.\n')
  const { issuers } = JSON.parse((await scene.terra(['issuer', 'list', '--json'])).out)
  expect(issuers[0]).to.deep.include({ name: 'Nordwind eG', members: 0, feeBps: 250, modules: ['listing', 'news'] })
})
