import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import type { TestWallet } from './test-wallet.ts'

export const DESKTOP = { width: 1280, height: 800 }
export const PHONE = { width: 375, height: 740 }

/** The system's own Chromium, quiet and alone. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

export type Visitor = {
  page: Page
  context: BrowserContext
  problems: string[]
  expectClean: (...allowed: RegExp[]) => void
  leave: () => Promise<void>
}

/** A fresh visitor. Whatever the page complains about (errors, refused policy) is collected and may be allowed by pattern only. */
export async function visit(
  browser: Browser,
  baseURL: string,
  options: { viewport?: { width: number; height: number }; colorScheme?: 'light' | 'dark'; wallet?: TestWallet } = {},
): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL,
    viewport: options.viewport ?? DESKTOP,
    colorScheme: options.colorScheme ?? 'light',
    locale: 'en-US',
    timezoneId: 'Europe/Lisbon',
  })
  context.setDefaultTimeout(15_000)
  if (options.wallet) await options.wallet.install(context)
  const page = await context.newPage()
  const problems: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || /Content Security Policy/.test(message.text()))
      problems.push(`${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`))
  return {
    page,
    context,
    problems,
    expectClean(...allowed) {
      const left = problems.filter((problem) => page.url().startsWith(baseURL) && !allowed.some((pattern) => pattern.test(problem)))
      problems.length = 0
      if (left.length > 0) throw new Error(`The page complained:\n${left.join('\n')}`)
    },
    leave: () => context.close(),
  }
}

/** Waits until `look` answers something true; says what was waited for when it never does. */
export async function eventually<T>(what: string, look: () => Promise<T | false | undefined | null>, timeoutMs = 30_000): Promise<T> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const seen = await look()
    if (seen) return seen
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs / 1000} s in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
}
