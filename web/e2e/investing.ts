import { describe, test } from 'node:test'
import { expect } from 'chai'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { eventually, PHONE, type Visitor, visit } from './browser.ts'
import type { Scene } from './scene.ts'
import { connectWallet, doIdentityCheck, orderUnits, payWithCard, tabTo } from './steps.ts'
import { TestWallet } from './test-wallet.ts'

/** From nothing to units in one's own wallet; each test goes on where the one before it stopped. */
export function testInvesting(scene: Scene) {
  describe('a new investor on a phone', () => {
    const projectId = 1
    let me: Visitor
    let wallet: TestWallet

    test('registers with the keyboard alone', async () => {
      wallet = new TestWallet(generatePrivateKey(), scene.world.rpc, scene.world.chainId)
      await wallet.fund()
      me = await visit(scene.browser, scene.world.web, { viewport: PHONE, wallet })
      const { page } = me
      await page.goto('/register')
      await page.getByRole('heading', { name: 'Create an account' }).waitFor()
      await tabTo(page, /^Skip to content$/)
      await page.keyboard.press('Enter')
      await tabTo(page, /^Name$/)
      await page.keyboard.type('Vera Test')
      await tabTo(page, /^E-mail$/)
      await page.keyboard.type(`vera.${Date.now()}@people.example`)
      await tabTo(page, /^Password$/)
      await page.keyboard.type('slow rivers carry cold light')
      await tabTo(page, /^Country you live in$/)
      await page.keyboard.type('Portugal')
      await tabTo(page, /^Create account$/)
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Ready to invest?' }).waitFor()
      me.expectClean()
    })

    test('is told by the rules why investing has to wait', async () => {
      const { page } = me
      await page.goto(`/projects/${projectId}/invest`)
      await page.getByLabel('Amount in USD', { exact: true }).fill('110')
      await page.getByText('That doesn’t buy whole units. $100.00 or $125.00 would.').waitFor()
      await page.getByRole('button', { name: '$100.00' }).click()
      await page.getByText('Not yet. Here is why:').waitFor()
      await page.getByText('Verify your identity before you invest').waitFor()
      expect(await page.getByRole('button', { name: 'You can’t invest this yet' }).getAttribute('aria-disabled')).to.equal('true')
      me.expectClean()
    })

    test('links a wallet; rejecting in the wallet is a choice that loses nothing', async () => {
      const { page } = me
      await page.goto('/account')
      wallet.rejectNext('connect')
      await connectWallet(page)
      await page.getByText('You declined in your wallet').waitFor()
      await connectWallet(page)
      const link = page.getByRole('button', { name: 'Link this wallet' })
      await link.waitFor()
      wallet.rejectNext('personal_sign')
      await link.click()
      await page.getByText('You declined in your wallet').waitFor()
      expect(await page.getByRole('alert').count()).to.equal(0)
      await link.click()
      await page.getByText('Units go to').waitFor()
      expect(wallet.asked('eth_sendTransaction')).to.equal(0)
      me.expectClean()
    })

    test('passes the identity check at the provider and is registered on chain, live', async () => {
      const { page } = me
      await doIdentityCheck(page, 'Test')
      await page.getByText('You are all set').waitFor({ timeout: 45_000 })
      me.expectClean()
    })

    test('states income and net worth where the law limits what one may invest', async () => {
      const { page } = me
      const { data } = await (await fetch(`${scene.world.web}/api/v1/projects?q=Nevado`)).json()
      const invest = `/projects/${data[0].projectId}/invest`
      await page.goto(invest)
      await page.getByLabel('Amount in USD', { exact: true }).fill('2600')
      await page.getByText('Tell us your income and net worth: this offering limits').waitFor()
      await page.getByText('You may invest $2,500.00 in 12 months').waitFor()
      await page.getByRole('link', { name: 'Do it in your account' }).click()
      await page.getByLabel('Annual income in USD').fill('60,000')
      await page.getByLabel('Net worth in USD').fill('none')
      await page.getByLabel('Invested on other crowdfunding platforms in USD').fill('500')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('Enter an amount, like 85000').waitFor()
      await page.getByLabel('Net worth in USD').fill('20000')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('It holds for twelve months').waitFor()
      await page.goto(invest)
      await page.getByLabel('Amount in USD', { exact: true }).fill('2600')
      await page.getByText('and $2,500.00 of that is left').waitFor()
      await page.getByLabel('Amount in USD', { exact: true }).fill('2500')
      await page.getByText('Yes. Every rule is met.').waitFor()
      me.expectClean()
    })

    test('has a card declined, sees it, pays with another, and watches the units arrive', async () => {
      const { page } = me
      await orderUnits(page, projectId, '100')
      const checkout = page.url()
      await payWithCard(page, '4000 0000 0000 0002')
      await page.getByText('Your card was declined.').waitFor()
      await page.getByRole('link', { name: 'Cancel and go back' }).click()
      await page.getByText('Your payment was declined. Nothing was charged').waitFor({ timeout: 30_000 })
      await page.getByRole('link', { name: 'Try another card' }).click()
      expect(page.url()).to.equal(checkout)
      await payWithCard(page, '4242 4242 4242 4242')
      await page.getByRole('heading', { name: 'Your order' }).waitFor()
      await page.getByText('Your units are in your wallet').first().waitFor({ timeout: 45_000 })
      await page.getByText('Done: your units are in your wallet, and that is final.').waitFor({ timeout: 60_000 })
      await page.getByRole('link', { name: 'See your portfolio' }).click()
      const row = page.getByRole('row').filter({ hasText: 'Send units' })
      await row.waitFor()
      expect(await row.getByRole('cell').first().textContent()).to.equal('4')
      me.expectClean(/40[12]/)
    })

    test('cancels an order before paying', async () => {
      const { page } = me
      await orderUnits(page, projectId, '50')
      await page.getByRole('link', { name: 'Cancel and go back' }).click()
      await page.getByRole('button', { name: 'Cancel this order' }).click()
      await page.getByText('You cancelled this order before paying.').waitFor()
      me.expectClean()
    })

    test('sends units to a verified investor, and is told beforehand when the ledger would refuse', async () => {
      const { page } = me
      const friend = scene.world.accounts.find(({ privateKey }) => privateKey)!
      await page.goto('/portfolio')
      await page.getByRole('button', { name: /^Send units of/ }).click()
      await page.getByLabel('Receiver’s wallet', { exact: true }).fill('0x000000000000000000000000000000000000dEaD')
      await page.getByLabel('Units', { exact: true }).fill('1')
      await page.getByText('The receiver isn’t a verified investor yet').waitFor()
      expect(await page.getByRole('button', { name: 'This transfer isn’t allowed' }).getAttribute('aria-disabled')).to.equal('true')
      await page.getByLabel('Receiver’s wallet', { exact: true }).fill(privateKeyToAccount(friend.privateKey!).address)
      await page.getByText('The ledger would allow this transfer.').waitFor()
      const send = page.getByRole('button', { name: /^Send 1 unit to/ })
      wallet.rejectNext('eth_sendTransaction')
      await send.click()
      await page.getByText('You declined in your wallet').waitFor()
      await send.click()
      await page.getByText('Done, and final.').waitFor({ timeout: 60_000 })
      await page.getByRole('button', { name: 'Close' }).click()
      await eventually(
        'three units left',
        async () => (await page.getByRole('row').filter({ hasText: 'Send units' }).getByRole('cell').first().textContent()) === '3',
      )
      me.expectClean()
      await me.leave()
    })
  })

  test('an identity that is refused is said so plainly and may be tried again', async () => {
    const visitor = await visit(scene.browser, scene.world.web)
    const { page } = visitor
    await page.goto('/register')
    await page.getByLabel('E-mail', { exact: true }).fill(`cora.${Date.now()}@people.example`)
    await page.getByLabel('Password', { exact: true }).fill('slow rivers carry cold light')
    await page.getByLabel('Country you live in', { exact: true }).selectOption('PT')
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByRole('heading', { name: 'Your account' }).waitFor()
    await doIdentityCheck(page, 'Consider')
    await page.getByText('The provider could not verify you.').waitFor({ timeout: 30_000 })
    await page.getByRole('button', { name: 'Start the identity check' }).waitFor()
    visitor.expectClean()
    await visitor.leave()
  })
}
