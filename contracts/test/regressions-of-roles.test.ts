import { expect } from 'chai'
import {
  type AnyContract,
  BOTH_WAYS,
  CODE,
  DAY,
  deployed,
  deployLedger,
  ethers,
  FOREVER,
  investmentId,
  networkHelpers,
  order,
  PROJECT,
  ROLE,
  STATE,
  terms,
  today,
  voucherFor,
  ZERO,
  ZERO_HASH,
} from './fixture.ts'
import { attestationOf, register, registry, sign } from './registrar-scene.ts'

const REASON = ethers.id('reason')
const record = (investorId: number) => ({ flags: BOTH_WAYS, expiry: FOREVER, country: 276, class: 0, investorId })

/** Alice holds 100 units of project 7. */
async function withAlice() {
  const world = await deployed()
  await world.mint(world.alice, 100, { id: investmentId('alice') })
  return { ...world, enforcer: world.ledger.connect(world.operator) }
}

/** Bugs that other suites had, each with the place where it was reported. Here each is impossible. */
describe('Changes of wallet', () => {
  it('a change of wallet releases no lock-up (OpenZeppelin/stellar-contracts#801)', async () => {
    const { ledger, registry: writer, alice, bob, dave, mint, send, setAccount } = await networkHelpers.loadFixture(withAlice)
    const day = (await today()) + 365
    await mint(alice, 10, { id: investmentId('locked'), unlockDay: day })
    await setAccount(alice, { investorId: 5 })
    await ledger.connect(writer).relinkWallet(alice, dave, record(5))
    await ledger.connect(dave).moveHoldings(alice, [PROJECT])
    await expect(send(dave, bob, 101))
      .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
      .withArgs(CODE.locked, dave, bob, PROJECT, 101, day)
    await expect(ledger.release([investmentId('locked')]))
      .to.be.revertedWithCustomError(ledger, 'LotStillLocked')
      .withArgs(investmentId('locked'), day)
    await networkHelpers.time.increaseTo(day * DAY)
    await send(dave, bob, 110)
  })

  it('a change of wallet asks who it is before anything moves (OpenZeppelin’s triage of T-REX 5, M-03)', async () => {
    const { ledger, registry: writer, alice, bob, setAccount } = await networkHelpers.loadFixture(withAlice)
    await setAccount(alice, { investorId: 5 })
    await setAccount(bob, { investorId: 6 })
    for (const investorId of [5, 6])
      await expect(ledger.connect(writer).relinkWallet(alice, bob, record(investorId)))
        .to.be.revertedWithCustomError(ledger, 'InvalidRelink')
        .withArgs(alice, bob)
    await expect(ledger.moveHoldings(alice, [PROJECT]))
      .to.be.revertedWithCustomError(ledger, 'InvalidRelink')
      .withArgs(alice, ZERO)
    expect(await ledger.balanceOf(alice, PROJECT)).to.equal(100)
  })

  it('a change of wallet leaves the count of holders right (T-REX 5, changelog)', async () => {
    const { ledger, registry: writer, alice, bob, carol, dave, mint, holders, setAccount } = await networkHelpers.loadFixture(withAlice)
    await mint(bob, 1)
    for (const account of [alice, bob, carol]) await setAccount(account, { investorId: 5 })
    for (const [from, to, count] of [
      [alice, carol, 2],
      [bob, carol, 1],
      [carol, dave, 1],
    ] as const) {
      await ledger.connect(writer).relinkWallet(from, to, record(5))
      await ledger.moveHoldings(from, [PROJECT])
      expect(await holders()).to.equal(count)
    }
  })

  it('a retired wallet that gets a late part of a chain passes it on', async () => {
    const { ledger, registry: writer, alice, bob, carol, mint, setAccount } = await networkHelpers.loadFixture(withAlice)
    for (const account of [alice, bob]) await setAccount(account, { investorId: 5 })
    await mint(bob, 1)
    await ledger.connect(writer).relinkWallet(alice, bob, record(5))
    await ledger.connect(writer).relinkWallet(bob, carol, record(5))
    await ledger.moveHoldings(bob, [PROJECT])
    await ledger.moveHoldings(alice, [PROJECT])
    expect(await ledger.balanceOf(carol, PROJECT)).to.equal(101)
  })
})

describe('Roles', () => {
  it('an attestation counts only by an attestor of the ledger’s choice, not of the investor’s (OpenZeppelin’s triage of T-REX 5, H-01)', async () => {
    const world = await networkHelpers.loadFixture(registry)
    const { registrar, stranger, alice } = world
    for (const signer of [alice, stranger, world.payments])
      await expect(register(world, {}, signer)).to.be.revertedWithCustomError(registrar, 'InvalidAttestation')
    const attestation = attestationOf(world)
    await registrar.register(attestation, await sign(world, attestation))
  })

  it('a role on one contract is none on another (OpenZeppelin’s triage of T-REX 5, H-02)', async () => {
    const { ledger, manager, forwarder, minter, payments, alice, operator, admin } = await networkHelpers.loadFixture(withAlice)
    const other = await deployLedger(manager, forwarder)
    await expect(other.connect(operator).pause()).to.be.revertedWithCustomError(other, 'AccessManagedUnauthorized').withArgs(operator)
    const one = order('one', alice, 1)
    const mint = async (signedFor: AnyContract) =>
      other.connect(minter).mintInvestment(one.investmentId, PROJECT, alice, 1, 0, await voucherFor(signedFor, payments, PROJECT, [one]))
    await expect(mint(other)).to.be.revertedWithCustomError(other, 'MissingRole').withArgs(minter, ROLE.minter)
    await other.connect(admin).setRole(minter, ROLE.minter)
    await other.connect(admin).setRole(payments, ROLE.paymentAttestor)
    await expect(mint(ledger)).to.be.revertedWithCustomError(other, 'InvalidVoucher')
  })

  it('a registrar that is replaced can write no more (OpenZeppelin’s triage of T-REX 5, M-02)', async () => {
    const { ledger, admin, registry: writer, alice, dave } = await networkHelpers.loadFixture(withAlice)
    await ledger.connect(admin).setRole(writer, ROLE.none)
    const refused = (call: Promise<unknown>) =>
      expect(call).to.be.revertedWithCustomError(ledger, 'MissingRole').withArgs(writer, ROLE.registrar)
    await refused(ledger.connect(writer).setAccount(dave, record(1)))
    await refused(ledger.connect(writer).relinkWallet(alice, dave, record(1)))
  })

  it('whoever writes accounts can’t mint, freeze or take, and whoever takes can’t write accounts (OpenZeppelin’s triage of T-REX 5, M-05)', async () => {
    const { ledger, enforcer, operator, registry: writer, alice, dave, payments } = await networkHelpers.loadFixture(withAlice)
    const one = order('one', alice, 1)
    const voucher = await voucherFor(ledger, payments, PROJECT, [one])
    await expect(ledger.connect(writer).mintInvestments(PROJECT, [one], voucher))
      .to.be.revertedWithCustomError(ledger, 'MissingRole')
      .withArgs(writer, ROLE.minter)
    for (const call of [
      () => ledger.connect(writer).setFrozenTokens(alice, PROJECT, 1),
      () => ledger.connect(writer).forcedTransfer(alice, dave, PROJECT, 1),
      () => ledger.connect(writer).transferLots([investmentId('alice')], dave, REASON),
      () => ledger.connect(writer).reverseInvestment(investmentId('alice'), REASON),
    ])
      await expect(call()).to.be.revertedWithCustomError(ledger, 'AccessManagedUnauthorized').withArgs(writer)
    await expect(enforcer.setAccount(dave, record(1)))
      .to.be.revertedWithCustomError(ledger, 'MissingRole')
      .withArgs(operator, ROLE.registrar)
  })

  it('giving a role again doesn’t take its delay away (OpenZeppelin’s triage of T-REX 5, M-07)', async () => {
    const { ledger, manager, admin, dave } = await networkHelpers.loadFixture(withAlice)
    await manager.connect(admin).grantRole(1, dave, DAY)
    await manager.connect(admin).grantRole(1, dave, 0)
    await expect(ledger.connect(dave).pause()).to.be.revertedWithCustomError(manager, 'AccessManagerNotScheduled')
    expect(await ledger.paused()).to.equal(false)
  })

  it('nobody without a role mints, whatever is called (7518’s reference, setWrappedTokenAddress)', async () => {
    const { ledger, stranger, alice, payments } = await networkHelpers.loadFixture(withAlice)
    const outsider = ledger.connect(stranger)
    const one = order('one', alice, 1)
    const voucher = await voucherFor(ledger, payments, PROJECT, [one])
    const missing = (call: Promise<unknown>, role: number) =>
      expect(call).to.be.revertedWithCustomError(ledger, 'MissingRole').withArgs(stranger, role)
    await missing(outsider.mintInvestments(PROJECT, [one], voucher), ROLE.minter)
    await missing(outsider.mintInvestment(one.investmentId, PROJECT, alice, 1, 0, voucher), ROLE.minter)
    await missing(outsider.mintSettled(PROJECT, [one]), ROLE.sale)
    await expect(outsider.mintOrder(stranger, PROJECT, one)).to.be.revertedWithCustomError(ledger, 'OnlySelf')
    expect(await ledger.totalSupply(PROJECT)).to.equal(100)
  })
})

describe('Sales', () => {
  it('no unit exists before a sale succeeded, so none can be sold and refunded (OpenZeppelin/openzeppelin-contracts#877)', async () => {
    const { ledger, seller, alice, operator, token } = await networkHelpers.loadFixture(withAlice)
    await ledger.connect(operator).createProject(8, terms(await token.getAddress()))
    await ledger.connect(seller).setSaleState(8, STATE.funding)
    const settle = () => ledger.connect(seller).mintSettled(8, [order('one', alice, 1)])
    await expect(settle()).to.emit(ledger, 'InvestmentSkipped').withArgs(investmentId('one'), 8, CODE.projectState)
    await ledger.connect(seller).setSaleState(8, STATE.closed)
    await expect(settle()).to.emit(ledger, 'InvestmentSkipped').withArgs(investmentId('one'), 8, CODE.projectState)
    expect(await ledger.totalSupply(8)).to.equal(0)
    await expect(ledger.connect(operator).setProjectState(8, STATE.active, ZERO_HASH))
      .to.be.revertedWithCustomError(ledger, 'InvalidStateChange')
      .withArgs(8, STATE.closed, STATE.active)
  })
})
