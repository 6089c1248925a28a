import { describe, test } from 'node:test'
import { expect } from 'chai'
import { DESKTOP, PHONE, visit } from './browser.ts'
import type { Scene } from './scene.ts'
import { linkTo, registerByApi, signInByEmail } from './steps.ts'

const PASSWORD = 'seven otters under the ferry'

/** An issuer's own page: people who are invited, come, and get another role; settings. */
export function testIssuer(scene: Scene) {
  describe('an issuer', () => {
    const owner = () => scene.world.accounts.find(({ role }) => role === 'issuer')!

    test('invites somebody by mail, who accepts, becomes viewer, and sees no form', async () => {
      const email = `member-${crypto.randomUUID()}@person.example`
      const first = await visit(scene.browser, scene.world.web, { viewport: DESKTOP })
      await signInByEmail(first.page, owner().email, owner().password)
      await first.page.getByRole('link', { name: 'Issuer', exact: true }).click()
      await first.page.getByText('No invitation waits for an answer.').waitFor()
      await first.page.getByLabel('E-mail to invite').fill(email)
      await first.page.getByRole('button', { name: 'Invite', exact: true }).click()
      await first.page.getByText(`${email} is invited.`).waitFor()
      const link = await linkTo(scene, '/invitation', email)

      const second = await visit(scene.browser, scene.world.web, { viewport: PHONE })
      await registerByApi(scene.world.web, email, PASSWORD)
      await second.page.goto(link)
      await second.page.getByRole('main').getByRole('link', { name: 'Sign in' }).click()
      await second.page.getByLabel('E-mail', { exact: true }).fill(email)
      await second.page.getByLabel('Password', { exact: true }).fill(PASSWORD)
      await second.page.locator('form').getByRole('button', { name: 'Sign in', exact: true }).click()
      await second.page.getByRole('button', { name: 'Accept the invitation' }).click()
      await second.page.getByRole('heading', { name: 'Your issuer' }).waitFor()
      await second.page.getByText('· you').waitFor()
      expect(await second.page.getByRole('heading', { name: 'Invitations' }).count()).to.equal(0)
      expect(await second.page.getByRole('button', { name: 'Save settings' }).count()).to.equal(0)

      await first.page.reload()
      await first.page.getByLabel(`Role of ${email}`).selectOption('viewer')
      await first.page.getByRole('button', { name: `Remove ${email}` }).click()
      await first.page.getByRole('button', { name: `Keep ${email}` }).click()
      await first.page.getByRole('button', { name: `Remove ${email}` }).click()
      await first.page.getByRole('button', { name: `Yes, remove ${email}` }).click()
      await first.page.getByLabel(`Role of ${email}`).waitFor({ state: 'detached' })
      await second.page.reload()
      await second.page.getByText('Your account acts for no issuer').waitFor()
      for (const { expectClean, leave } of [first, second]) {
        expectClean()
        await leave()
      }
    })

    test('saves settings, is told what is wrong with them, and can’t leave as the last owner', async () => {
      const { page, expectClean, leave } = await visit(scene.browser, scene.world.web, { viewport: PHONE })
      await signInByEmail(page, owner().email, owner().password)
      await page.goto('/issuer')
      await page.getByLabel('Colour').fill('green')
      await page.getByRole('button', { name: 'Save settings' }).click()
      await page.getByText('Write a colour as # and six digits').waitFor()
      await page.getByLabel('Colour').fill('#0A7F5A')
      await page.getByLabel('In one line').fill('Power from the coast')
      await page.getByRole('button', { name: 'Save settings' }).click()
      await page.getByText('Saved', { exact: true }).waitFor()
      expect(await page.getByLabel('Colour').inputValue()).to.equal('#0a7f5a')
      await page.getByRole('button', { name: 'Leave' }).click()
      await page.getByRole('button', { name: 'Yes, leave' }).click()
      await page.getByText('An owner must stay').waitFor()
      expectClean(/409/)
      await leave()
    })
  })
}
