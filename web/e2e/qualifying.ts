import { describe, test } from 'node:test'
import { DESKTOP, PHONE, visit } from './browser.ts'
import type { Scene } from './scene.ts'
import { registerByApi, signInByEmail } from './steps.ts'

const PASSWORD = 'nine lanterns over quiet water'

/** What an investor shows besides the identity check: being accredited, and other addresses. */
export function testQualifying(scene: Scene) {
  describe('who may invest', () => {
    test('shows to be accredited: the claim, its papers, and sending them in', async () => {
      const { page, expectClean, leave } = await visit(scene.browser, scene.world.web, { viewport: DESKTOP })
      const email = `accredited-${crypto.randomUUID()}@person.example`
      await registerByApi(scene.world.web, email, PASSWORD)
      await signInByEmail(page, email, PASSWORD)
      await page.getByRole('link', { name: 'Show that you are one' }).click()
      await page.getByLabel('Income last year in USD', { exact: true }).fill('200000')
      await page.getByLabel('Income the year before in USD', { exact: true }).fill('250000')
      await page.getByRole('button', { name: 'Go on' }).click()
      await page.getByText('Something is still missing above.').waitFor()
      await page.getByLabel('I expect at least the same this year.').check()
      await page.getByRole('button', { name: 'Go on' }).click()
      await page.getByText('This doesn’t make you an accredited investor').waitFor()
      await page.getByLabel('Income last year in USD', { exact: true }).fill('200000.01')
      await page.getByRole('button', { name: 'Go on' }).click()
      await page.getByRole('heading', { name: 'Evidence' }).waitFor()
      await page.getByRole('button', { name: 'Send it in' }).click()
      await page.getByText('Evidence is still missing').waitFor()
      const paper = { name: 'tax.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\nincome') }
      await page.getByLabel('Tax forms of the last two years: file').setInputFiles(paper)
      await page.getByRole('button', { name: /^Upload/ }).click()
      await page.getByText('tax.pdf').waitFor()
      await page.getByRole('button', { name: 'Send it in' }).click()
      await page.getByText('Two people look at it').waitFor()
      expectClean(/422/)
      await leave()
    })

    test('keeps other addresses in view, and gets a text to prove them with', async () => {
      const { page, expectClean, leave } = await visit(scene.browser, scene.world.web, { viewport: PHONE })
      const email = `wallets-${crypto.randomUUID()}@person.example`
      await registerByApi(scene.world.web, email, PASSWORD)
      await signInByEmail(page, email, PASSWORD)
      await page.getByRole('link', { name: 'Go to your other wallets' }).click()
      const address = page.getByLabel('Address', { exact: true })
      await address.fill('0xf39F')
      await page.getByRole('button', { name: 'Watch it' }).click()
      await page.getByText('This is no such address').waitFor()
      await address.fill('0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266')
      await page.getByLabel('Name for it (optional)').fill('Cold storage')
      await page.getByRole('button', { name: 'Watch it' }).click()
      await page.getByText('Cold storage', { exact: true }).waitFor()
      await page.getByLabel('Bitcoin', { exact: true }).check()
      await address.fill('bc1q9vza2e8x573nczrlzms0wvx3gsqjx7vavgkx0l')
      await page.getByLabel('It is mine, and I can sign with it.').check()
      await page.getByRole('button', { name: 'Show the text to sign' }).click()
      await page.getByText('wants to link this Bitcoin address').waitFor()
      await page.getByLabel('Signature', { exact: true }).fill('not a signature')
      await page.getByRole('button', { name: 'Prove it' }).click()
      await page.getByText('The signature doesn’t belong to this address').waitFor()
      await page.getByRole('button', { name: /^Remove/ }).click()
      await page.getByText('None yet. Add one below.').waitFor()
      expectClean(/401|422/)
      await leave()
    })
  })
}
