import { describe, test } from 'node:test'
import { expect } from 'chai'
import { Secret, TOTP } from 'otpauth'
import type { BrowserContext, Page } from 'playwright-core'
import { DESKTOP, PHONE, visit } from './browser.ts'
import type { Scene } from './scene.ts'
import { registerByApi } from './steps.ts'

const PASSWORD = 'seven lanterns over quiet water'

/** Second factors as a person meets them: set up, asked for, taken away. */
export function testSecurity(scene: Scene) {
  describe('the security of an account', () => {
    test('an authenticator app is set up with its recovery codes, and asked for from then on', async () => {
      const { page, expectClean, leave } = await visit(scene.browser, scene.world.web, { viewport: PHONE })
      const email = await register(scene, 'totp')
      await enter(page, email)
      await page.goto('/account/security')
      await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
      await page.getByRole('img', { name: /QR code/ }).waitFor()
      const secret = ((await page.locator('.font-mono.select-all').textContent()) ?? '').replace(/\s/g, '')
      await page.getByLabel('Code the app shows').fill('000000')
      await page.getByRole('button', { name: 'Confirm', exact: true }).click()
      await page.getByText('That code isn’t right').waitFor()
      await page.getByLabel('Code the app shows').fill(codeOf(secret, 0))
      await page.getByRole('button', { name: 'Confirm', exact: true }).click()
      await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor()
      const codes = await page.locator('ol.font-mono li').allTextContents()
      expect(codes).to.have.length(10)
      await page.getByRole('button', { name: 'I have kept them' }).click()
      await page.getByText('10 are left').waitFor()
      await signOut(page)
      await begin(page, email)
      await page.getByLabel('Code of your authenticator app').fill(codeOf(secret, 0))
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await page.getByText('That code was used already').first().waitFor()
      await page.getByLabel('Code of your authenticator app').fill(codeOf(secret, 1))
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await page.getByRole('heading', { name: 'Your account' }).waitFor()
      await signOut(page)
      await begin(page, email)
      await page.getByRole('button', { name: 'Use a recovery code instead' }).click()
      await page.getByLabel('Recovery code').fill(codes[0]!)
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await page.getByRole('heading', { name: 'Your account' }).waitFor()
      expectClean(/401/)
      await leave()
    })

    test('a passkey is added, signs in by itself, and is removed by proving it', async () => {
      const { page, context, expectClean, leave } = await visit(scene.browser, scene.world.web, { viewport: DESKTOP })
      await addVirtualAuthenticator(context, page)
      const email = await register(scene, 'passkey')
      await enter(page, email)
      await page.goto('/account/security')
      await page.getByRole('button', { name: 'Add a passkey' }).click()
      await page.getByRole('button', { name: 'I have kept them' }).click()
      await page.getByRole('button', { name: /^Rename/ }).click()
      await page.getByLabel('Name of the passkey').fill('Test key')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('Test key').first().waitFor()
      await signOut(page)
      await page.goto('/sign-in')
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
      await page.getByRole('heading', { name: 'Your account' }).waitFor()
      await signOut(page)
      await begin(page, email)
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
      await page.getByRole('heading', { name: 'Your account' }).waitFor()
      await page.goto('/account/security')
      await page.getByRole('button', { name: /^Remove Test key/ }).click()
      await page.getByRole('button', { name: 'Remove with a passkey' }).click()
      await page.getByRole('button', { name: 'Rename Test key' }).waitFor({ state: 'detached' })
      expectClean(/401/)
      await leave()
    })
  })
}

/** The code of the app now, or `ahead` steps later: the platform takes one step either way. */
function codeOf(secret: string, ahead: number): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + ahead * 30_000 })
}

async function register(scene: Scene, name: string): Promise<string> {
  const email = `${name}-${crypto.randomUUID().slice(0, 8)}@security.example`
  await registerByApi(scene.world.web, email, PASSWORD)
  return email
}

async function begin(page: Page, email: string): Promise<void> {
  await page.goto('/sign-in')
  await page.getByLabel('E-mail', { exact: true }).fill(email)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { name: /One more step|Your account/ }).waitFor()
}

async function enter(page: Page, email: string): Promise<void> {
  await begin(page, email)
  await page.getByRole('heading', { name: 'Your account' }).waitFor()
}

async function signOut(page: Page): Promise<void> {
  await page.goto('/account')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL((url) => url.pathname === '/')
}

/** A key inside the browser that always says yes. */
async function addVirtualAuthenticator(context: BrowserContext, page: Page): Promise<void> {
  const devtools = await context.newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
}
