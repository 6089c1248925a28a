import { test } from 'node:test'
import { expect } from 'chai'
import type { Portfolio, Session } from '../../common/wire.ts'
import { eventually, visit } from './browser.ts'
import type { Scene } from './scene.ts'
import type { World } from './stack.ts'
import { connectWallet } from './steps.ts'
import { TestWallet } from './test-wallet.ts'

/** Claiming a distribution by the holder's own signature. */
export function testReturns(scene: Scene) {
  test('a holder signs in by wallet, declines the claim, then claims; the money is counted once', async () => {
    const key = await findClaimant(scene.world)
    const wallet = new TestWallet(key, scene.world.rpc, scene.world.chainId)
    await wallet.fund()
    const visitor = await visit(scene.browser, scene.world.web, { wallet })
    const { page } = visitor
    await page.goto('/sign-in?next=/portfolio')
    await connectWallet(page)
    await page.getByRole('button', { name: 'Sign in with this wallet' }).click()
    await page.getByRole('heading', { name: 'Returns to claim' }).waitFor()
    const claim = page.getByRole('button', { name: /^Claim [\d.,]+ / })
    await claim.waitFor()
    wallet.rejectNext('eth_sendTransaction')
    await claim.click()
    await page.getByText('You declined in your wallet').waitFor()
    await claim.click()
    await page.getByText(/^Claimed [\d.,]+ /).waitFor()
    await page.getByText('Done, and final.').waitFor({ timeout: 60_000 })
    await eventually('nothing left to claim', async () => (await claim.count()) === 0)
    expect(wallet.asked('eth_sendTransaction')).to.equal(2)
    await page.getByRole('link', { name: 'Returns' }).click()
    await page.getByText('Claimed', { exact: true }).first().waitFor()
    visitor.expectClean()
    await visitor.leave()
  })
}

/** The key of a seeded investor who has something to claim. */
async function findClaimant({ web, accounts }: World): Promise<`0x${string}`> {
  for (const { email, password, privateKey } of accounts) {
    if (!privateKey) continue
    const session = await call<Session>(web, '/users/login', { email, password })
    const portfolio = await call<Portfolio>(web, '/portfolio', undefined, session.accessToken)
    if (portfolio.claimable !== '0') return privateKey
  }
  throw new Error('No seeded investor has anything to claim')
}

async function call<T>(web: string, path: string, body?: unknown, token?: string): Promise<T> {
  const response = await fetch(`${web}/api/v1${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...(token && { authorization: `Bearer ${token}` }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const answer = (await response.json()) as { success: boolean; data: T }
  if (!answer.success) throw new Error(`${path} answered ${response.status}`)
  return answer.data
}
