import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { expect } from 'chai'
import { eventually, visit } from './browser.ts'
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
    const killed = await processOf(dataFolder, 'api')
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
    expect(await processOf(dataFolder, 'api')).not.to.equal(killed)
    await visitor.leave()
  })

  test('the database and the chain are killed and come back: the mirror goes on and the page shows the same units', async () => {
    const { accounts, dataFolder, web } = scene.world
    const investor = accounts.filter(({ role }) => role === 'investor').at(-1)!
    const visitor = await visit(scene.browser, web)
    const { page } = visitor
    await signInByEmail(page, investor.email, investor.password)
    const valueShown = async () => {
      await page.goto('/portfolio')
      await page.getByText('updates live').waitFor({ timeout: 60_000 })
      return page
        .locator('main')
        .getByText(/^\$[\d,.]+$/)
        .first()
        .textContent()
    }
    const value = await valueShown()
    for (const name of ['database', 'chain']) {
      const [killed, mirrored] = [await processOf(dataFolder, name), await mirroredBlock(web)]
      process.kill(killed, 'SIGKILL')
      await eventually(`another ${name}`, async () => (await processOf(dataFolder, name).catch(() => killed)) !== killed, 60_000)
      await eventually(`the mirror to go on after the ${name}`, async () => (await mirroredBlock(web)) > mirrored, 60_000)
      expect(await valueShown(), name).to.equal(value)
    }
    await visitor.leave()
  })
}

/** The process of that name, as the platform's keeper wrote it down. */
async function processOf(dataFolder: string, wanted: string): Promise<number> {
  const { processes } = JSON.parse(await readFile(join(dataFolder, 'processes.json'), 'utf8')) as {
    processes: { name: string; pid: number }[]
  }
  const found = processes.find(({ name }) => name === wanted)
  if (!found) throw new Error(`No ${wanted} is written down`)
  return found.pid
}

/** How far the mirror has come; 0 while the platform cannot say. */
async function mirroredBlock(web: string): Promise<number> {
  const response = await fetch(`${web}/ready`).catch(() => undefined)
  if (!response?.ok) return 0
  const { data } = (await response.json()) as { data: { mirroredBlock: number } }
  return data.mirroredBlock
}
