import { expect } from 'chai'
import {
  type AnyContract,
  deployed,
  ethers,
  networkHelpers,
  OTHER_PROJECT,
  onSale,
  PRICE,
  PROJECT,
  type Signer,
  salt,
  TARGET,
} from './sale-scene.ts'

const { loadFixture, time } = networkHelpers

/** A currency that calls out in the middle of every payment; the buyers' commitments stand. */
async function withHookToken() {
  const world = await deployed()
  const token: AnyContract = await ethers.deployContract('SaleHookToken')
  for (const buyer of [world.alice, world.bob]) await world.fund(buyer, token)
  const terms = await world.open({ currency: await token.getAddress() })
  const ids = [await world.commit(world.alice, 60), await world.commit(world.bob, 30)]
  return { ...world, token, terms, ids }
}

/** Every call that moves money or commitments, as the hook would make it. */
function inwardCalls(ids: string[]): [string, unknown[]][] {
  return [
    ['commit', [PROJECT, 1, salt('in')]],
    ['commitWithPermit', [PROJECT, 1, salt('in'), 0, 27, ethers.ZeroHash, ethers.ZeroHash]],
    ['commitFiat', [PROJECT, ids[0], ethers.ZeroAddress, 1, 0, '0x']],
    ['withdrawFiat', [ids[0], 0, '0x']],
    ['cancel', [ids[0]]],
    ['finalize', [PROJECT]],
    ['settle', [PROJECT, ids]],
    ['refund', [ids[0]]],
    ['refundMany', [ids]],
    ['withdrawProceeds', [PROJECT]],
  ].map(([name, args]) => [name as string, args as unknown[]])
}

describe('Calling back into the sale', () => {
  it('is refused from a currency’s hook, whatever is called', async () => {
    const { sale, token, bob, ids } = await loadFixture(withHookToken)
    for (const [name, args] of inwardCalls(ids)) {
      await token.arm(sale, sale.interface.encodeFunctionData(name, args))
      await sale.connect(bob).commit(PROJECT, 1, salt(name))
      expect([name, await token.called(), await token.succeeded()]).to.deep.equal([name, true, false])
      expect(await token.answer()).to.equal(sale.interface.encodeErrorResult('ReentrancyGuardReentrantCall', []))
    }
  })

  it('can’t refund twice', async () => {
    const { sale, token, alice, ids, finalize } = await loadFixture(withHookToken)
    await finalize()
    await token.arm(sale, sale.interface.encodeFunctionData('refund', [ids[0]]))
    await expect(sale.refund(ids[0])).to.changeTokenBalances(ethers, token, [alice, sale], [60 * PRICE, -60 * PRICE])
    await sale.refundMany([ids[1]])
    expect(await token.balanceOf(sale)).to.equal(0)
  })

  it('can’t cancel twice', async () => {
    const { sale, token, alice, ids } = await loadFixture(withHookToken)
    await token.arm(sale, sale.interface.encodeFunctionData('cancel', [ids[0]]))
    await expect(sale.connect(alice).cancel(ids[0])).to.changeTokenBalances(ethers, token, [alice, sale], [60 * PRICE, -60 * PRICE])
  })

  it('can’t withdraw proceeds twice', async () => {
    const { sale, token, treasury, bob, ids, commit, finalize } = await loadFixture(withHookToken)
    await commit(bob, 10)
    await finalize()
    await sale.settle(PROJECT, [ids[0]])
    await token.arm(sale, sale.interface.encodeFunctionData('withdrawProceeds', [PROJECT]))
    await expect(sale.withdrawProceeds(PROJECT)).to.changeTokenBalances(ethers, token, [treasury, sale], [60 * PRICE, -60 * PRICE])
  })

  it('is refused from a receiver’s hook during the mint, where commitments still show as open', async () => {
    const { sale, currency, setAccount, alice, commit, finalize } = await loadFixture(onSale)
    const receiver: AnyContract = await ethers.deployContract('CallingReceiver')
    const address = await receiver.getAddress()
    await setAccount(address)
    await currency.mint(address, 100 * PRICE)
    await networkHelpers.setBalance(address, 10n ** 18n)
    const signer = (await ethers.getImpersonatedSigner(address)) as unknown as Signer
    await currency.connect(signer).approve(sale, 100 * PRICE)
    const mine = await commit(signer, 10)
    const others = await commit(alice, TARGET)
    await finalize()
    await time.increase(100 * 86_400) // refunds would be possible
    await receiver.arm(sale, sale.interface.encodeFunctionData('refund', [mine]))
    await sale.settle(PROJECT, [mine, others])
    expect([await receiver.called(), await receiver.succeeded()]).to.deep.equal([true, false])
    expect(await receiver.answer()).to.equal(sale.interface.encodeErrorResult('ReentrancyGuardReentrantCall', []))
    const { escrow, proceeds } = await sale.saleOf(PROJECT)
    expect([escrow, proceeds]).to.deep.equal([0n, BigInt((TARGET + 10) * PRICE)])
    expect(await currency.balanceOf(sale)).to.equal((TARGET + 10) * PRICE)
  })

  it('from the currency of one sale reaches no money of another', async () => {
    const { sale, token, currency, alice, bob, ids, createProject, open, commit } = await loadFixture(withHookToken)
    await createProject(OTHER_PROJECT)
    await open({}, OTHER_PROJECT)
    const other = await commit(alice, 50, OTHER_PROJECT)
    await token.arm(sale, sale.interface.encodeFunctionData('cancel', [other]))
    await sale.connect(bob).cancel(ids[1])
    expect(await token.succeeded()).to.equal(false)
    expect(await currency.balanceOf(sale)).to.equal(50 * PRICE)
  })
})
