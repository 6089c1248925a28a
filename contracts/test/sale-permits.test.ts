import { expect } from 'chai'
import { type AnyContract, DAY, deployed, ethers, METHOD, networkHelpers, onSale, PRICE, PROJECT, type Signer, salt } from './sale-scene.ts'

const { loadFixture, time } = networkHelpers

/** An ERC-2612 permit of `amount` for the sale. */
async function permit(
  currency: AnyContract,
  owner: Signer,
  spender: AnyContract,
  amount: number,
  deadline: number,
  changes: Record<string, unknown> = {},
) {
  const domain = {
    name: 'Test USD Coin',
    version: '1',
    chainId: (await ethers.provider.getNetwork()).chainId,
    verifyingContract: await currency.getAddress(),
    ...changes,
  }
  const types = {
    Permit: [
      { name: 'owner', type: 'address' },
      { name: 'spender', type: 'address' },
      { name: 'value', type: 'uint256' },
      { name: 'nonce', type: 'uint256' },
      { name: 'deadline', type: 'uint256' },
    ],
  }
  const value = {
    owner: owner.address,
    spender: await spender.getAddress(),
    value: amount,
    nonce: await currency.nonces(owner),
    deadline,
  }
  const { v, r, s } = ethers.Signature.from(await owner.signTypedData(domain, types, value))
  return [v, r, s] as const
}

describe('A commitment with a permit', () => {
  async function withoutAllowance() {
    const world = await onSale()
    await world.currency.connect(world.alice).approve(world.sale, 0)
    const deadline = (await time.latest()) + DAY
    const signature = await permit(world.currency, world.alice, world.sale, 10 * PRICE, deadline)
    return { ...world, deadline, signature }
  }

  it('needs no approval before', async () => {
    const { sale, currency, alice, deadline, signature } = await loadFixture(withoutAllowance)
    const id = await sale.investmentIdOf(PROJECT, alice, salt('a'))
    const call = [PROJECT, 10, salt('a'), deadline, ...signature] as const
    expect(await sale.connect(alice).commitWithPermit.staticCall(...call)).to.equal(id)
    await expect(sale.connect(alice).commitWithPermit(...call))
      .to.emit(sale, 'Committed')
      .withArgs(id, PROJECT, alice, 10, 10 * PRICE, METHOD.escrow, 10)
    expect(await currency.allowance(alice, sale)).to.equal(0)
  })

  it('goes through when somebody used the permit first', async () => {
    const { sale, currency, alice, stranger, deadline, signature } = await loadFixture(withoutAllowance)
    await currency.connect(stranger).permit(alice, sale, 10 * PRICE, deadline, ...signature)
    await sale.connect(alice).commitWithPermit(PROJECT, 10, salt('a'), deadline, ...signature)
    expect((await sale.saleOf(PROJECT)).escrow).to.equal(10 * PRICE)
  })

  it('is of no use to anyone but its signer, and for no other price', async () => {
    const { sale, currency, alice, bob, deadline, signature } = await loadFixture(withoutAllowance)
    await currency.connect(bob).approve(sale, 0)
    for (const [caller, units] of [
      [bob, 10],
      [alice, 11],
    ] as const)
      await expect(sale.connect(caller).commitWithPermit(PROJECT, units, salt('a'), deadline, ...signature))
        .to.be.revertedWithCustomError(currency, 'ERC20InsufficientAllowance')
        .withArgs(sale, 0, units * PRICE)
    expect((await sale.saleOf(PROJECT)).openUnits).to.equal(0)
  })

  it('is worth nothing when the permit is expired, of another chain or the other signature of the same key', async () => {
    const { sale, currency, alice, deadline, signature } = await loadFixture(withoutAllowance)
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
    const [v, r, s] = signature
    const past = (await time.latest()) - 1
    const forged: [string, number, readonly [number, string, string]][] = [
      ['expired', past, await permit(currency, alice, sale, 10 * PRICE, past)],
      ['of another chain', deadline, await permit(currency, alice, sale, 10 * PRICE, deadline, { chainId: 137 })],
      ['of the higher s', deadline, [v === 27 ? 28 : 27, r, ethers.toBeHex(order - BigInt(s), 32)]],
    ]
    for (const [what, until, parts] of forged)
      await expect(sale.connect(alice).commitWithPermit(PROJECT, 10, salt('a'), until, ...parts), what)
        .to.be.revertedWithCustomError(currency, 'ERC20InsufficientAllowance')
        .withArgs(sale, 0, 10 * PRICE)
    await sale.connect(alice).commitWithPermit(PROJECT, 10, salt('a'), deadline, ...signature)
  })

  it('works by allowance where the currency knows no permits', async () => {
    const { sale, alice, open, fund } = await loadFixture(deployed)
    const token: AnyContract = await ethers.deployContract('MuteToken')
    await fund(alice, token)
    await open({ currency: await token.getAddress() })
    await sale.connect(alice).commitWithPermit(PROJECT, 1, salt('a'), 0, 27, ethers.ZeroHash, ethers.ZeroHash)
    expect((await sale.saleOf(PROJECT)).escrow).to.equal(PRICE)
  })
})
