import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { expect } from 'chai'
import { visit } from './browser.ts'
import type { Scene } from './scene.ts'
import { signInByEmail } from './steps.ts'

/** The server going away under an open page. */
export function testRestart(scene: Scene) {
  test('a page that was open while the api was killed keeps what it knew, says that it is not live, and is live again by itself', async () => {
    const { accounts, dataFolder, web } = scene.world
    const investor = accounts.filter(({ role }) => role === 'investor').at(-1)!
    const visitor = await visit(scene.browser, web)
    const { page } = visitor
    await signInByEmail(page, investor.email, investor.password)
    await page.getByRole('link', { name: 'Portfolio' }).click()
    await page.getByText('updates live').waitFor()
    const value = await page
      .locator('main')
      .getByText(/^\$[\d,.]+$/)
      .first()
      .textContent()
    const killed = await apiOf(dataFolder)
    process.kill(killed, 'SIGKILL')
    await page.getByText('looks again every few seconds').waitFor()
    expect(
      await page
        .locator('main')
        .getByText(/^\$[\d,.]+$/)
        .first()
        .textContent(),
    ).to.equal(value)
    await page.getByText('updates live').waitFor({ timeout: 60_000 })
    expect(await apiOf(dataFolder)).not.to.equal(killed)
    await visitor.leave()
  })
}

/** The process that serves the page, as the platform's keeper wrote it down. */
async function apiOf(dataFolder: string): Promise<number> {
  const { processes } = JSON.parse(await readFile(join(dataFolder, 'processes.json'), 'utf8')) as {
    processes: { name: string; pid: number }[]
  }
  return processes.find(({ name }) => name === 'api')!.pid
}
