import { describe, test } from 'node:test'
import { expect } from 'chai'
import { DESKTOP, PHONE, visit } from './browser.ts'
import type { Scene } from './scene.ts'
import { linkTo, registerByApi } from './steps.ts'

const FORMER = 'seven lanterns over quiet water'
const CHOSEN = 'eleven herons count the ferries'

/** Links in mails as a person follows them: to confirm the e-mail, and back in after forgetting the password. */
export function testMailedLinks(scene: Scene) {
  describe('a link in a mail', () => {
    test('confirms the e-mail of a new account', async () => {
      const { page, expectClean, leave } = await visit(scene.browser, scene.world.web, { viewport: PHONE })
      const email = newAddress('confirms')
      await page.goto('/register')
      await page.getByLabel('E-mail', { exact: true }).fill(email)
      await page.getByLabel('Password', { exact: true }).fill(FORMER)
      await page.getByLabel('Country you live in').selectOption('PT')
      await page.getByRole('button', { name: 'Create account' }).click()
      await page.getByText('Confirm your e-mail').waitFor()
      await page.getByRole('button', { name: 'Send it again' }).click()
      await page.getByText('Sent. Look among unwanted mail too.').waitFor()
      await page.goto(await linkTo(scene, '/verify-email', email))
      await page.getByRole('button', { name: 'Confirm my e-mail' }).click()
      await page.getByText('Your e-mail is confirmed').waitFor()
      expect(new URL(page.url()).hash).to.equal('')
      await page.getByRole('link', { name: 'Go to your account' }).click()
      await page.getByText('Ready to invest?').waitFor()
      expect(await page.getByText('Confirm your e-mail').count()).to.equal(0)
      expectClean()
      await leave()
    })

    test('leads to a new password, once, and signing in with it', async () => {
      const { page, expectClean, leave } = await visit(scene.browser, scene.world.web, { viewport: DESKTOP })
      const email = newAddress('forgets')
      await registerByApi(scene.world.web, email, FORMER)
      await page.goto('/sign-in')
      await page.getByRole('link', { name: 'Forgot your password?' }).click()
      await page.getByRole('heading', { name: 'Forgot your password?' }).waitFor()
      await page.getByLabel('E-mail', { exact: true }).fill(email)
      await page.getByRole('button', { name: 'Send the link' }).click()
      await page.getByText('Look into your mailbox').waitFor()
      const link = await linkTo(scene, '/reset-password', email)
      await page.goto(link)
      await page.getByLabel('New password').fill('passwordpassword')
      await page.getByRole('button', { name: 'Change my password' }).click()
      await page.getByText('Choose a stronger password').waitFor()
      await page.getByLabel('New password').fill(CHOSEN)
      await page.getByRole('button', { name: 'Change my password' }).click()
      await page.getByText('Your password is changed').waitFor()
      await page.goto('about:blank')
      await page.goto(link)
      await page.getByLabel('New password').fill(FORMER)
      await page.getByRole('button', { name: 'Change my password' }).click()
      await page.getByText('This link is no longer good').waitFor()
      await page.goto('/sign-in')
      await page.getByLabel('E-mail', { exact: true }).fill(email)
      await page.getByLabel('Password', { exact: true }).fill(CHOSEN)
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await page.getByRole('heading', { name: 'Your account' }).waitFor()
      await page.goto('/account/security')
      await page.getByLabel('New password').fill(FORMER)
      await page.getByRole('button', { name: 'Change password' }).click()
      await page.getByText('Your password is changed').waitFor()
      expectClean(/422|410/)
      await leave()
    })
  })
}

function newAddress(name: string): string {
  return `${name}-${crypto.randomUUID().slice(0, 8)}@people.example`
}
