import { expect } from 'chai'
import {
  type AnyContract,
  CODE,
  DAY,
  deployed,
  ethers,
  FOREVER,
  investmentId,
  networkHelpers,
  order,
  PROJECT,
  ROLE,
  type Signer,
  voucherFor,
  ZERO,
} from './fixture.ts'

type World = Awaited<ReturnType<typeof deployed>>
const SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** The orders that are minted; a voucher for anything else is none. */
const orders = ({ alice, bob }: World) => [order(1, alice, 10, 30_000), order(2, bob, 20)]
const sign = (
  world: World,
  changes: { attestor?: Signer; projectId?: number; orders?: AnyContract[]; domain?: Record<string, unknown> } = {},
) =>
  voucherFor(
    world.ledger,
    changes.attestor ?? world.payments,
    changes.projectId ?? PROJECT,
    changes.orders ?? orders(world),
    FOREVER,
    changes.domain,
  )
const resigned = async (world: World, change: (signature: string) => string) => {
  const voucher = await sign(world)
  return { ...voucher, signature: change(voucher.signature) }
}

const FORGERIES: [string, (world: World) => Promise<{ deadline: number; signature: string }>][] = [
  ['for another chain', (world) => sign(world, { domain: { chainId: 1 } })],
  ['for another contract', async (world) => sign(world, { domain: { verifyingContract: await world.vault.getAddress() } })],
  ['for another name', (world) => sign(world, { domain: { name: 'TerraLuminaSale' } })],
  ['for another version', (world) => sign(world, { domain: { version: '2' } })],
  ['by a stranger', (world) => sign(world, { attestor: world.stranger })],
  ['by the minter itself', (world) => sign(world, { attestor: world.minter })],
  ['by an attestor of identities', (world) => sign(world, { attestor: world.attestor })],
  ['for another project', (world) => sign(world, { projectId: 8 })],
  ['for the orders the other way round', (world) => sign(world, { orders: orders(world).reverse() })],
  ['for one order less', (world) => sign(world, { orders: orders(world).slice(1) })],
  ['for one order more', (world) => sign(world, { orders: [...orders(world), order(3, world.carol, 1)] })],
  ['for no order', (world) => sign(world, { orders: [] })],
  ...(
    [
      ['investment', { investmentId: investmentId(9) }],
      ['number of units', { units: 11 }],
      ['unlock day', { unlockDay: 30_001 }],
    ] as const
  ).map(([name, change]): (typeof FORGERIES)[number] => [
    `for another ${name}`,
    (world) => sign(world, { orders: [{ ...orders(world)[0]!, ...change }, orders(world)[1]!] }),
  ]),
  ['for another investor', (world) => sign(world, { orders: [{ ...orders(world)[0]!, investor: world.carol }, orders(world)[1]!] })],
  ['with another deadline', async (world) => ({ ...(await sign(world)), deadline: FOREVER - 1 })],
  [
    'with the higher s',
    (world) =>
      resigned(world, (signature) => {
        const { r, s, v } = ethers.Signature.from(signature)
        return ethers.concat([r, ethers.toBeHex(SECP256K1_ORDER - BigInt(s), 32), ethers.toBeHex(v === 27 ? 28 : 27, 1)])
      }),
  ],
  ['in the compact form of 64 bytes', (world) => resigned(world, (signature) => ethers.Signature.from(signature).compactSerialized)],
  ['with a byte too many', (world) => resigned(world, (signature) => `${signature}00`)],
  ['with a wrong v', (world) => resigned(world, (signature) => `${signature.slice(0, -2)}1d`)],
  ['of nothing but zeros', (world) => resigned(world, () => ethers.zeroPadBytes('0x', 65))],
  ['of no bytes', (world) => resigned(world, () => '0x')],
]

describe('Vouchers', () => {
  it('are EIP-712 signatures of a payment attestor over the very orders', async () => {
    const world = await networkHelpers.loadFixture(deployed)
    const { ledger, minter, payments } = world
    const list = orders(world)
    const hash = await ledger.hashOfMint(PROJECT, list, FOREVER)
    const voucher = await sign(world)
    expect(ethers.recoverAddress(hash, voucher.signature)).to.equal(payments.address)
    expect(await ledger.connect(minter).mintInvestments.staticCall(PROJECT, list, voucher)).to.equal(3)
    expect((await ledger.eip712Domain()).toArray()).to.deep.equal([
      '0x0f',
      'TerraLuminaOwnership',
      '1',
      (await ethers.provider.getNetwork()).chainId,
      await ledger.getAddress(),
      ethers.ZeroHash,
      [],
    ])
  })

  for (const [what, forge] of FORGERIES) {
    it(`${what} open nothing`, async () => {
      const world = await networkHelpers.loadFixture(deployed)
      await expect(
        world.ledger.connect(world.minter).mintInvestments(PROJECT, orders(world), await forge(world)),
      ).to.be.revertedWithCustomError(world.ledger, 'InvalidVoucher')
      expect(await world.ledger.totalSupply(PROJECT)).to.equal(0)
    })
  }

  it('for one order of many open no single mint, and the other way round', async () => {
    const world = await networkHelpers.loadFixture(deployed)
    const { ledger, minter, alice } = world
    const both = await sign(world)
    await expect(ledger.connect(minter).mintInvestment(investmentId(1), PROJECT, alice, 10, 30_000, both)).to.be.revertedWithCustomError(
      ledger,
      'InvalidVoucher',
    )
    const first = orders(world)[0]!
    const single = await sign(world, { orders: [first] })
    await expect(ledger.connect(minter).mintInvestments(PROJECT, orders(world), single)).to.be.revertedWithCustomError(
      ledger,
      'InvalidVoucher',
    )
    expect(await ledger.connect(minter).mintInvestment.staticCall(investmentId(1), PROJECT, alice, 10, 30_000, single)).to.equal(true)
    expect(await ledger.connect(minter).mintInvestments.staticCall(PROJECT, [first], single), 'a list of one is a single').to.equal(1)
  })

  it('count up to the second of their deadline', async () => {
    const world = await networkHelpers.loadFixture(deployed)
    const { ledger, minter, payments, alice } = world
    const deadline = (await networkHelpers.time.latest()) + 100
    const one = order(1, alice, 10)
    const single = [one.investmentId, PROJECT, alice, 10, 0, await voucherFor(ledger, payments, PROJECT, [one], deadline)]
    const two = order(2, alice, 10)
    const voucher = await voucherFor(ledger, payments, PROJECT, [two], deadline)
    await networkHelpers.time.setNextBlockTimestamp(deadline)
    await ledger.connect(minter).mintInvestment(...single)
    await expect(ledger.connect(minter).mintInvestments(PROJECT, [two], voucher))
      .to.be.revertedWithCustomError(ledger, 'SignatureExpired')
      .withArgs(deadline)
    const three = [investmentId(3), PROJECT, alice, 10, 0, { ...voucher, deadline: 0 }]
    await expect(ledger.connect(minter).mintInvestment(...three))
      .to.be.revertedWithCustomError(ledger, 'SignatureExpired')
      .withArgs(0)
  })

  it('used again mint nothing again, but what was skipped', async () => {
    const world = await networkHelpers.loadFixture(deployed)
    const { ledger, minter, bob, setAccount } = world
    const voucher = await sign(world)
    await setAccount(bob, { flags: 0 })
    const mint = () => ledger.connect(minter).mintInvestments(PROJECT, orders(world), voucher)
    await expect(mint()).to.emit(ledger, 'InvestmentSkipped').withArgs(investmentId(2), PROJECT, CODE.receiverNotEligible)
    await setAccount(bob)
    await expect(mint()).to.emit(ledger, 'InvestmentMinted').withArgs(investmentId(2), PROJECT, bob, 20, 0)
    expect((await (await mint()).wait()).logs).to.have.length(0)
    expect(await ledger.totalSupply(PROJECT)).to.equal(30)
  })

  it('end with their signer’s role', async () => {
    const world = await networkHelpers.loadFixture(deployed)
    const { ledger, minter, admin, payments } = world
    const voucher = await sign(world)
    await ledger.connect(admin).setRole(payments, ROLE.none)
    await expect(ledger.connect(minter).mintInvestments(PROJECT, orders(world), voucher)).to.be.revertedWithCustomError(
      ledger,
      'InvalidVoucher',
    )
  })

  it('are of no use to anybody but a minter', async () => {
    const world = await networkHelpers.loadFixture(deployed)
    const { ledger, payments, stranger, seller, minter, alice } = world
    const voucher = await sign(world)
    for (const caller of [payments, stranger, seller]) {
      const missing = (call: Promise<unknown>) =>
        expect(call).to.be.revertedWithCustomError(ledger, 'MissingRole').withArgs(caller, ROLE.minter)
      await missing(ledger.connect(caller).mintInvestments(PROJECT, orders(world), voucher))
      await missing(ledger.connect(caller).mintInvestment(investmentId(1), PROJECT, alice, 10, 30_000, voucher))
    }
    await expect(ledger.connect(minter).mintSettled(PROJECT, orders(world)))
      .to.be.revertedWithCustomError(ledger, 'MissingRole')
      .withArgs(minter, ROLE.sale)
  })
})

describe('The daily cap', () => {
  const SMALL = 8

  async function withCap() {
    const world = await deployed()
    await world.createProject(SMALL, { dailyMintCap: 100 })
    return { ...world, minted: () => world.ledger.mintedToday(SMALL) }
  }

  it('ends a day’s mints, one or many, and counts units and not mints', async () => {
    const { ledger, alice, bob, mint, mintMany, minted } = await networkHelpers.loadFixture(withCap)
    await mint(alice, 60, { projectId: SMALL })
    expect(await minted()).to.equal(60)
    await expect(mint(bob, 41, { projectId: SMALL }))
      .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
      .withArgs(CODE.dailyMintCap, ZERO, bob, SMALL, 41, 100)
    const minting = mintMany([order(1, alice, 30), order(2, bob, 11), order(3, bob, 10), order(4, bob, 1)], SMALL)
    await expect(minting).to.emit(ledger, 'InvestmentSkipped').withArgs(investmentId(2), SMALL, CODE.dailyMintCap)
    await expect(minting).to.emit(ledger, 'InvestmentSkipped').withArgs(investmentId(4), SMALL, CODE.dailyMintCap)
    await expect(minting).to.emit(ledger, 'InvestmentMinted').withArgs(investmentId(3), SMALL, bob, 10, 0)
    expect(await minted()).to.equal(100)
    expect(await ledger.mintedToday(PROJECT), 'each project has its own').to.equal(0)
  })

  it('is whole again at midnight UTC', async () => {
    const { ledger, alice, mint, mintMany, minted } = await networkHelpers.loadFixture(withCap)
    const midnight = (Math.floor((await networkHelpers.time.latest()) / DAY) + 1) * DAY
    await mint(alice, 100, { projectId: SMALL })
    await networkHelpers.time.setNextBlockTimestamp(midnight - 1)
    await expect(mint(alice, 1, { projectId: SMALL }))
      .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
      .withArgs(CODE.dailyMintCap, ZERO, alice, SMALL, 1, 100)
    await networkHelpers.time.setNextBlockTimestamp(midnight)
    await mintMany([order(1, alice, 70)], SMALL)
    expect(await minted()).to.equal(70)
    await mint(alice, 30, { projectId: SMALL })
    await networkHelpers.time.increase(5 * DAY)
    expect(await minted()).to.equal(0)
    await mintMany([order(2, alice, 100)], SMALL)
    expect(await minted()).to.equal(100)
  })

  it('lowered below what was minted stops the day, and raised goes on', async () => {
    const { ledger, admin, alice, mint, mintMany, minted } = await networkHelpers.loadFixture(withCap)
    await mint(alice, 60, { projectId: SMALL })
    await ledger.connect(admin).setDailyMintCap(SMALL, 50)
    await expect(mintMany([order(1, alice, 1)], SMALL))
      .to.emit(ledger, 'InvestmentSkipped')
      .withArgs(investmentId(1), SMALL, CODE.dailyMintCap)
    expect(await minted()).to.equal(60)
    await ledger.connect(admin).setDailyMintCap(SMALL, 0)
    await networkHelpers.time.increase(DAY)
    await expect(mint(alice, 1, { projectId: SMALL }))
      .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
      .withArgs(CODE.dailyMintCap, ZERO, alice, SMALL, 1, 0)
    await ledger.connect(admin).setDailyMintCap(SMALL, 1)
    await mint(alice, 1, { projectId: SMALL })
  })

  it('doesn’t bind a sale, nor count what it mints', async () => {
    const { ledger, seller, alice, mint, minted } = await networkHelpers.loadFixture(withCap)
    await ledger.connect(seller).mintSettled(SMALL, [order(1, alice, 500)])
    expect(await minted()).to.equal(0)
    await mint(alice, 100, { projectId: SMALL })
    await ledger.connect(seller).mintSettled(SMALL, [order(2, alice, 500)])
    expect(await ledger.totalSupply(SMALL)).to.equal(1100)
  })

  it('counts no replay, nothing refused and gives nothing back for a reversal', async () => {
    const { ledger, operator, alice, stranger, mint, mintMany, minted } = await networkHelpers.loadFixture(withCap)
    await mint(alice, 60, { projectId: SMALL, id: investmentId(1) })
    const orders = [order(1, alice, 60), order(2, stranger, 40), order(3, alice, 40)]
    await mintMany(orders, SMALL)
    expect(await minted()).to.equal(100)
    await mintMany(orders, SMALL)
    await ledger.connect(operator).reverseInvestment(investmentId(1), ethers.ZeroHash)
    expect(await minted()).to.equal(100)
  })
})
