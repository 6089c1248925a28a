import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { expect } from 'chai'
import { PHONE, visit } from './browser.ts'
import type { Scene } from './scene.ts'
import { registerByApi, signInByEmail } from './steps.ts'

const PASSWORD = 'nine lanterns over quiet water'

/** A person's own data as they meet it: chosen about, taken along, erased. */
export function testPrivacy(scene: Scene) {
  describe('a person’s own data', () => {
    test('is downloaded, and erased with the account once the phrase is typed in full', async () => {
      const { page, expectClean, leave } = await visit(scene.browser, scene.world.web, { viewport: PHONE })
      const email = `gone-${crypto.randomUUID()}@person.example`
      await registerByApi(scene.world.web, email, PASSWORD)
      await signInByEmail(page, email, PASSWORD)
      await page.getByLabel(/What stays on the blockchain/).click()
      await page.getByText(/^You agreed on/).waitFor()
      const download = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Download my data' }).click()
      const { tables } = JSON.parse(await readFile(await (await download).path(), 'utf8'))
      expect(tables.account[0].email).to.equal(email)
      expect(tables.consent).to.have.length(1)
      await page.getByRole('button', { name: 'Erase my account…' }).click()
      await page.getByLabel(/^Type “/).fill('erase')
      await page.getByRole('button', { name: 'Erase for ever' }).click()
      await page.getByText('to go on').waitFor()
      await page.getByLabel(/^Type “/).fill('erase my account')
      await page.getByRole('button', { name: 'Erase for ever' }).click()
      await page.waitForURL((url) => url.pathname === '/')
      expectClean()
      await leave()
      const login = await fetch(`${scene.world.web}/api/v1/users/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, password: PASSWORD }),
      })
      expect(login.status).to.equal(401)
    })

    test('stays while units are held, and the page says what to do first', async () => {
      const { page, expectClean, leave } = await visit(scene.browser, scene.world.web, { viewport: PHONE })
      const investor = scene.world.accounts.find(({ role }) => role === 'investor')!
      await signInByEmail(page, investor.email, investor.password)
      await page.getByRole('button', { name: 'Erase my account…' }).click()
      await page.getByLabel(/^Type “/).fill('erase my account')
      await page.getByRole('button', { name: 'Erase for ever' }).click()
      await page.getByText('hand over the units that your wallet holds').waitFor()
      expectClean(/409/)
      await leave()
    })
  })
}
