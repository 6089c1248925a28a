import type { Page } from 'playwright-core'
import { eventually } from './browser.ts'
import type { Scene } from './scene.ts'

/** What people do again and again, in the words they see. */

export async function signInByEmail(page: Page, email: string, password: string): Promise<void> {
  await page.goto('/sign-in')
  await page.getByLabel('E-mail', { exact: true }).fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.locator('form').getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { name: 'Your account' }).waitFor()
}

/** A new account, made by the api: for tests of what comes after. */
export async function registerByApi(web: string, email: string, password: string): Promise<void> {
  const response = await fetch(`${web}/api/v1/users/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password, country: 'PT' }),
  })
  if (response.status !== 201) throw new Error(`Registration answered ${await response.text()}`)
}

export async function connectWallet(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Test Wallet' }).click()
}

/** Fills the identity form and the provider's own page, and comes back. */
export async function doIdentityCheck(page: Page, lastName: string): Promise<void> {
  await page.getByLabel('First name', { exact: true }).fill('Vera')
  await page.getByLabel('Last name', { exact: true }).fill(lastName)
  await page.getByLabel('Date of birth', { exact: true }).fill('1990-05-17')
  await page.getByLabel('Country you live in', { exact: true }).selectOption('PT')
  await page.getByRole('button', { name: 'Start the identity check' }).click()
  await page.getByRole('link', { name: 'Go on at our identity provider' }).click()
  await page.getByRole('heading', { name: 'Verify your identity' }).waitFor()
  await page.getByRole('checkbox').check()
  await page.getByRole('button', { name: 'Finish verification' }).click()
  await page.getByRole('heading', { name: 'Your account' }).waitFor()
}

/** From a project's page to the provider's payment page. */
export async function orderUnits(page: Page, projectId: number, amount: string): Promise<void> {
  await page.goto(`/projects/${projectId}/invest`)
  await page.getByLabel('Amount in USD', { exact: true }).fill(amount)
  await page.getByRole('checkbox').check()
  await page.getByRole('button', { name: /^Pay \$/ }).click()
  await page.getByLabel('Card number', { exact: true }).waitFor()
}

export async function payWithCard(page: Page, number: string): Promise<void> {
  await page.getByLabel('Card number', { exact: true }).fill(number)
  await page.getByLabel('Expiry (MM/YY)', { exact: true }).fill('12/34')
  await page.getByLabel('CVC', { exact: true }).fill('123')
  await page.getByRole('button', { name: /^Pay/ }).click()
}

/** Presses Tab until the element named so has the focus; fails when the keyboard never gets there. */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  const visited: string[] = []
  for (let press = 0; press < 60; press++) {
    await page.keyboard.press('Tab')
    const here = await page.evaluate(() => {
      const element = document.activeElement as (HTMLElement & { labels?: NodeListOf<HTMLLabelElement> }) | null
      return element?.getAttribute('aria-label') ?? element?.labels?.[0]?.textContent?.trim() ?? element?.textContent?.trim() ?? ''
    })
    if (name.test(here)) return
    visited.push(here)
  }
  throw new Error(`Tab never reached ${name}; it went ${visited.join(' → ')}`)
}

/** A page that is waiting for nothing any more. */
export async function settle(page: Page): Promise<void> {
  await eventually('the page to finish loading', async () => (await page.locator('main [aria-busy=true]').count()) === 0)
}

/** The newest link to a page that was mailed to an address, as soon as it comes. */
export async function linkTo(scene: Scene, path: string, email: string): Promise<string> {
  for (let i = 0; i < 100; i++) {
    const mails = (await (await fetch(`${scene.world.inbox}.json?to=${email}`)).json()) as { text: string }[]
    for (const { text } of mails) {
      const found = new RegExp(`\\S+${path}#\\S+`).exec(text)
      if (found) return found[0]
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(`No link to ${path} was mailed to ${email}`)
}
