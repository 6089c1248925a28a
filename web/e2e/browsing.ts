import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { expect } from 'chai'
import { landingScripts } from '../view/landing-scripts.ts'
import { eventually, visit } from './browser.ts'
import type { Scene } from './scene.ts'
import { settle } from './steps.ts'

/** Looking around without an account or a wallet. */
export function testBrowsing(scene: Scene) {
  describe('a visitor', () => {
    test('opens the landing page without loading a wallet library or the query cache', async () => {
      const { page, leave, expectClean } = await visit(scene.browser, scene.world.web)
      const scripts: string[] = []
      page.on('response', (response) => {
        if (response.request().resourceType() === 'script') scripts.push(new URL(response.url()).pathname.slice(1))
      })
      await page.goto('/')
      await page.getByRole('heading', { name: 'Taking shape now' }).waitFor()
      await settle(page)
      const manifest = JSON.parse(await readFile(`${import.meta.dirname}/../dist/.vite/manifest.json`, 'utf8'))
      expect(scripts.sort()).to.deep.equal(landingScripts(manifest))
      expect(await page.locator('main article').count()).to.equal(3)
      expectClean()
      await leave()
    })

    test('narrows the projects by filters that live in the address and survive a reload', async () => {
      const { page, leave, expectClean } = await visit(scene.browser, scene.world.web)
      await page.goto('/')
      await page.getByRole('link', { name: 'See the projects' }).click()
      await page.getByText('12 projects').waitFor()
      await page.getByLabel('Technology', { exact: true }).selectOption('wind')
      await page.waitForURL('**/projects?technology=wind')
      await page.getByText('3 projects').waitFor()
      await page.reload()
      await page.getByText('3 projects').waitFor()
      expect(await page.getByLabel('Technology', { exact: true }).inputValue()).to.equal('wind')
      await page.getByLabel('Country', { exact: true }).selectOption('KE')
      await page.getByText('1 project', { exact: true }).waitFor()
      await page.getByRole('button', { name: 'Clear filters' }).click()
      await page.getByText('12 projects').waitFor()
      await page.getByLabel('Search', { exact: true }).fill('zzzzqqqq')
      await page.getByText('Nothing fits all of these filters together.').waitFor()
      await page.getByRole('button', { name: 'Clear all filters' }).click()
      await page.getByLabel('Order', { exact: true }).selectOption('name')
      await page.waitForURL('**/projects?sort=name')
      await eventually('the names in order', async () => {
        const names = await page.locator('main article h2').allTextContents()
        return names.length === 12 && names.join() === [...names].sort((a, b) => a.localeCompare(b)).join()
      })
      expectClean()
      await leave()
    })

    test('reads a project and verifies its documents in the browser; a forged one is found out', async () => {
      const { page, leave, expectClean } = await visit(scene.browser, scene.world.web)
      await page.goto('/projects')
      await page.locator('main article').getByRole('link').first().click()
      await page.getByRole('heading', { name: 'Facts' }).waitFor()
      expect(await page.evaluate(() => document.activeElement?.id)).to.equal('main')
      const name = await page.getByRole('heading', { level: 1 }).textContent()
      await page
        .getByRole('status')
        .filter({ hasText: `${name} · Terra Lumina` })
        .waitFor({ state: 'attached' })
      await page.getByText(/As the chain had it at block/).waitFor()
      const verify = page.getByRole('region', { name: 'Documents' }).getByRole('button', { name: /^Verify in your browser/ })
      await verify.first().click()
      await page.getByText('The file is exactly the one on record').waitFor()
      await page.route('**/ipfs/**', (route) => route.fulfill({ status: 200, body: 'forged' }))
      await verify.first().click()
      await page.getByText('This file is not the one on record.').waitFor()
      await page.unroute('**/ipfs/**')
      await page.getByRole('button', { name: /the metadata, against the chain/ }).click()
      await eventually('the metadata verified', async () => (await page.getByText('The file is exactly the one on record').count()) === 2)
      expectClean()
      await leave()
    })

    test('is told what is wrong and led on: unknown address, unknown project, server away', async () => {
      const { page, leave, expectClean } = await visit(scene.browser, scene.world.web)
      await page.goto('/nowhere')
      await page.getByRole('heading', { name: 'Nothing stands here' }).waitFor()
      await page.goto('/projects/16000000')
      await page.getByRole('alert').getByText('This project isn’t listed').waitFor()
      await page.getByRole('link', { name: 'See all projects' }).click()
      await page.getByText('12 projects').waitFor()
      await page.route('**/api/v1/projects/1', (route) => route.abort())
      await page.goto('/projects/1')
      await page.getByRole('alert').getByText('We can’t reach Terra Lumina').waitFor()
      await page.unroute('**/api/v1/projects/1')
      await page.getByRole('button', { name: 'Try again' }).click()
      await page.getByRole('heading', { name: 'Facts' }).waitFor()
      expectClean(/404/, /ERR_FAILED/)
      await leave()
    })

    test('learns that a page is private, where to sign in, and comes back there', async () => {
      const { page, leave, expectClean } = await visit(scene.browser, scene.world.web)
      const account = scene.world.accounts.find(({ role }) => role === 'investor')!
      await page.goto('/portfolio')
      await page.getByText('Sign in to see your portfolio').waitFor()
      await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click()
      await page.getByLabel('E-mail', { exact: true }).fill(account.email)
      await page.getByLabel('Password', { exact: true }).fill('certainly-not-this-one')
      await page.locator('form').getByRole('button', { name: 'Sign in', exact: true }).click()
      await page.getByRole('alert').getByText('That e-mail and password don’t match').waitFor()
      await page.getByLabel('Password', { exact: true }).fill(account.password)
      await page.locator('form').getByRole('button', { name: 'Sign in', exact: true }).click()
      await page.getByRole('heading', { name: 'Units you hold' }).waitFor()
      await page.reload()
      await page.getByRole('heading', { name: 'Units you hold' }).waitFor()
      await page.getByRole('link', { name: 'Account' }).click()
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByRole('link', { name: 'Sign in' }).first().waitFor()
      await page.goto('/portfolio')
      await page.getByText('Sign in to see your portfolio').waitFor()
      expectClean(/401/)
      await leave()
    })
  })
}
