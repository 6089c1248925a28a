import { describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { DESKTOP, PHONE, visit } from './browser.ts'
import type { Scene } from './scene.ts'
import { settle, signInByEmail } from './steps.ts'

const PUBLIC = [
  '/',
  '/projects',
  '/projects?q=zzzzqqqq',
  '/projects/1',
  '/projects/2',
  '/projects/1/invest',
  '/projects/16000000',
  '/sign-in',
  '/register',
  '/forgot-password',
  '/reset-password#a-link-that-nobody-sent',
  '/verify-email',
  '/invitation#a-link-that-nobody-sent',
  '/issuer',
  '/portfolio',
  '/returns',
  '/nowhere',
]
const PRIVATE = [
  '/account',
  '/account/security',
  '/account/accreditation',
  '/account/wallets',
  '/portfolio',
  '/returns',
  '/projects/1/invest',
  '/investments/00000000-0000-4000-8000-000000000000',
]
const LOOKS = [
  { name: 'desktop', viewport: DESKTOP, colorScheme: 'light' },
  { name: 'phone', viewport: PHONE, colorScheme: 'light' },
  { name: 'desktop at night', viewport: DESKTOP, colorScheme: 'dark' },
] as const

/** Every page in both widths and both themes: no axe violation, nothing wider than the screen, no complaint. */
export function testAccessibility(scene: Scene) {
  describe('every page', () => {
    for (const look of LOOKS) {
      test(`has no accessibility violation on a ${look.name}`, async () => {
        const { page, expectClean, leave } = await visit(scene.browser, scene.world.web, look)
        const account = scene.world.accounts.find(({ role }) => role === 'investor')!
        const found: string[] = []
        for (const path of PUBLIC) found.push(...(await inspect(page, path)))
        await signInByEmail(page, account.email, account.password)
        for (const path of PRIVATE) found.push(...(await inspect(page, path)))
        const member = await visit(scene.browser, scene.world.web, look)
        const owner = scene.world.accounts.find(({ role }) => role === 'issuer')!
        await signInByEmail(member.page, owner.email, owner.password)
        found.push(...(await inspect(member.page, '/issuer')))
        member.expectClean()
        await member.leave()
        expect(found).to.deep.equal([])
        expectClean(/404/)
        await leave()
      })
    }

    test('would be found out: a planted fault is seen', async () => {
      const { page, leave } = await visit(scene.browser, scene.world.web)
      await page.goto('/')
      await settle(page)
      await page.evaluate(() => document.querySelector('main')?.append(document.createElement('input')))
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa']).analyze()
      expect(violations.map(({ id }) => id)).to.include('label')
      await leave()
    })

    test('shows its state again after the reader came back by the browser’s own button', async () => {
      const { page, leave } = await visit(scene.browser, scene.world.web)
      await page.goto('/projects?technology=wind')
      await page.getByText('3 projects').waitFor()
      await page.locator('main article').getByRole('link').first().click()
      await page.getByRole('heading', { name: 'Facts' }).waitFor()
      await page.goBack()
      await page.getByText('3 projects').waitFor()
      await leave()
    })
  })
}

async function inspect(page: Page, path: string): Promise<string[]> {
  await page.goto(path)
  await page.locator('main h1').waitFor()
  await settle(page)
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${path}: ${id} at ${node.target.join(' ')}`))
  const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  return tooWide > 0 ? [...found, `${path}: ${tooWide} px wider than the screen`] : found
}
