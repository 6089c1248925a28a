import { expect } from 'chai'
import {
  type AnyContract,
  COMMITMENT_STATE,
  DAY,
  deployed,
  ethers,
  FLAG,
  FOREVER,
  failed,
  GRACE,
  networkHelpers,
  OTHER_PROJECT,
  onSale,
  PRICE,
  PROJECT,
  ROLE,
  salt,
  succeeded,
  TARGET,
  ZERO,
} from './sale-scene.ts'

const { loadFixture, time } = networkHelpers

describe('A refund', () => {
  it('of a failed sale pays the buyer, whoever asks, once', async () => {
    const { sale, ledger, currency, stranger, alice, bob, ids } = await loadFixture(failed)
    const refunding = sale.connect(stranger).refund(ids[0])
    await expect(refunding)
      .to.emit(sale, 'CommitmentRefunded')
      .withArgs(ids[0], PROJECT, alice, 60, 60 * PRICE, alice)
    await expect(refunding).to.changeTokenBalances(ethers, currency, [alice, sale, stranger], [60 * PRICE, -60 * PRICE, 0])
    expect((await sale.commitmentOf(ids[0])).state).to.equal(COMMITMENT_STATE.refunded)
    await expect(sale.refund(ids[0])).to.be.revertedWithCustomError(sale, 'CommitmentNotOpen').withArgs(ids[0], COMMITMENT_STATE.refunded)
    await expect(sale.refund(ids[1])).to.changeTokenBalances(ethers, currency, [bob], [30 * PRICE])
    await expect(sale.refund(ethers.id('none')))
      .to.be.revertedWithCustomError(sale, 'UnknownCommitment')
      .withArgs(ethers.id('none'))
    const { escrow, proceeds, investors } = await sale.saleOf(PROJECT)
    expect([escrow, proceeds, investors]).to.deep.equal([0n, 0n, 1n])
    expect(await currency.balanceOf(sale)).to.equal(0)
    expect(await ledger.totalSupply(PROJECT)).to.equal(0)
  })

  it('of a fiat commitment says that it is due elsewhere', async () => {
    const { sale, currency, carol, ids } = await loadFixture(failed)
    const refunding = sale.refund(ids[2])
    await expect(refunding).to.emit(sale, 'CommitmentRefunded').withArgs(ids[2], PROJECT, carol, 9, 0, ZERO)
    await expect(refunding).to.changeTokenBalances(ethers, currency, [sale, carol], [0, 0])
  })

  it('needs nothing of the ledger, the roles or the eligibility of the buyer', async () => {
    const { sale, ledger, currency, terms, alice, bob, commit, setAccount } = await loadFixture(onSale)
    const ids = [await commit(alice, 60), await commit(bob, 30)]
    await ledger.pause()
    await ledger.setRole(sale, ROLE.none)
    await setAccount(alice, { flags: FLAG.frozen, expiry: 0 })
    await time.increaseTo(terms.closesAt)
    await sale.finalize(PROJECT)
    await expect(sale.refundMany(ids)).to.changeTokenBalances(ethers, currency, [alice, bob], [60 * PRICE, 30 * PRICE])
  })

  it('of a sale that was given up is possible at once', async () => {
    const { sale, currency, alice, commit } = await loadFixture(onSale)
    const id = await commit(alice, TARGET)
    await expect(sale.refund(id)).to.be.revertedWithCustomError(sale, 'NotRefundable').withArgs(id, 0)
    await sale.abandonSale(PROJECT, ethers.id('x'))
    await expect(sale.refund(id)).to.changeTokenBalances(ethers, currency, [alice], [TARGET * PRICE])
  })

  it('goes where the buyer said, before or after the failure', async () => {
    const { sale, currency, alice, bob, stranger, ids } = await loadFixture(failed)
    await sale.connect(alice).setRefundAddress(stranger)
    const refunding = sale.connect(bob).refund(ids[0])
    await expect(refunding)
      .to.emit(sale, 'CommitmentRefunded')
      .withArgs(ids[0], PROJECT, alice, 60, 60 * PRICE, stranger)
    await expect(refunding).to.changeTokenBalances(ethers, currency, [alice, stranger], [0, 60 * PRICE])
  })

  it('never follows a relinked wallet', async () => {
    const { sale, ledger, currency, registry, alice, stranger, ids } = await loadFixture(failed)
    const { investorId } = await ledger.accountOf(alice)
    const record = { flags: FLAG.send | FLAG.receive, expiry: FOREVER, country: 276, class: 0, investorId }
    await ledger.connect(registry).relinkWallet(alice, stranger, record)
    await expect(sale.refund(ids[0])).to.changeTokenBalances(ethers, currency, [alice, stranger], [60 * PRICE, 0])
  })

  it('is impossible after a success until the grace is over, then possible for what wasn’t minted', async () => {
    const { sale, currency, bob, carol, ids, setAccount } = await loadFixture(succeeded)
    const from = Number((await sale.saleOf(PROJECT)).finalizedAt) + GRACE
    await setAccount(bob, { flags: 0 })
    await sale.settle(PROJECT, [ids[0], ids[1]])
    await time.setNextBlockTimestamp(from - 1)
    await expect(sale.refund(ids[1])).to.be.revertedWithCustomError(sale, 'NotRefundable').withArgs(ids[1], from)
    await time.setNextBlockTimestamp(from)
    const refunding = sale.refund(ids[1])
    await expect(refunding)
      .to.emit(sale, 'CommitmentRefunded')
      .withArgs(ids[1], PROJECT, bob, 40, 40 * PRICE, bob)
    await expect(refunding).to.changeTokenBalances(ethers, currency, [bob], [40 * PRICE])
    await expect(sale.refund(ids[2])).to.emit(sale, 'CommitmentRefunded').withArgs(ids[2], PROJECT, carol, 20, 0, ZERO)
    await expect(sale.refund(ids[0])).to.be.revertedWithCustomError(sale, 'CommitmentNotOpen').withArgs(ids[0], COMMITMENT_STATE.settled)
    const shown = (await sale.saleOf(PROJECT)).toObject()
    expect(shown).to.deep.include({ openUnits: 0n, openFiatUnits: 0n, settledUnits: 60n, investors: 1n, escrow: 0n })
    expect(shown.proceeds).to.equal(60 * PRICE)
  })

  it('gets everyone out of a success that the ledger never hears of', async () => {
    const { sale, ledger, currency, terms, alice, bob, commit } = await loadFixture(onSale)
    const ids = [await commit(alice, 60), await commit(bob, 40)]
    await ledger.setRole(sale, ROLE.none)
    await time.increaseTo(terms.closesAt)
    await sale.finalize(PROJECT)
    await expect(sale.settle(PROJECT, ids)).to.be.revertedWithCustomError(ledger, 'MissingRole').withArgs(sale, ROLE.sale)
    await time.increase(GRACE)
    await expect(sale.refundMany(ids)).to.changeTokenBalances(ethers, currency, [alice, bob], [60 * PRICE, 40 * PRICE])
  })
})

describe('Refunds of many', () => {
  async function withBlockingToken() {
    const world = await deployed()
    const token: AnyContract = await ethers.deployContract('BlockingToken')
    for (const buyer of [world.alice, world.bob, world.carol]) await world.fund(buyer, token)
    const terms = await world.open({ currency: await token.getAddress() })
    const ids = [await world.commit(world.alice, 30), await world.commit(world.bob, 30), await world.commit(world.carol, 30)]
    await world.finalize()
    return { ...world, token, terms, ids }
  }

  it('pass over one whom the currency refuses to pay, who names another address', async () => {
    const { sale, token, stranger, alice, bob, carol, ids } = await loadFixture(withBlockingToken)
    await token.setBlocked(bob, true)
    expect(await sale.refundMany.staticCall(ids)).to.equal(2)
    const refunding = sale.refundMany(ids)
    await expect(refunding).to.emit(sale, 'RefundSkipped').withArgs(ids[1])
    await expect(refunding).to.changeTokenBalances(ethers, token, [alice, bob, carol], [30 * PRICE, 0, 30 * PRICE])
    expect((await sale.commitmentOf(ids[1])).state).to.equal(COMMITMENT_STATE.open)
    expect((await sale.saleOf(PROJECT)).escrow).to.equal(30 * PRICE)
    await expect(sale.refund(ids[1])).to.be.revertedWithCustomError(token, 'Blocked').withArgs(bob)
    await sale.connect(bob).setRefundAddress(stranger)
    await expect(sale.refundMany(ids)).to.changeTokenBalances(ethers, token, [alice, bob, carol, stranger], [0, 0, 0, 30 * PRICE])
  })

  it('do not block a cancellation of the others either', async () => {
    const { sale, alice, bob, stranger, open, fund, commit } = await loadFixture(deployed)
    const token: AnyContract = await ethers.deployContract('BlockingToken')
    for (const buyer of [alice, bob]) await fund(buyer, token)
    await open({ currency: await token.getAddress() })
    const [alices, bobs] = [await commit(alice, 5), await commit(bob, 6)]
    await token.setBlocked(bob, true)
    await expect(sale.connect(bob).cancel(bobs)).to.be.revertedWithCustomError(token, 'Blocked').withArgs(bob)
    await sale.connect(alice).cancel(alices)
    await sale.connect(bob).setRefundAddress(stranger)
    await sale.connect(bob).cancel(bobs)
    expect(await token.balanceOf(stranger)).to.equal(6 * PRICE)
  })

  it('name what isn’t refundable, known or open, and pay the rest', async () => {
    const { sale, ids } = await loadFixture(failed)
    const unknown = ethers.id('none')
    const refunding = sale.refundMany([unknown, ids[0], ids[0], ids[1]])
    await expect(refunding).to.emit(sale, 'RefundSkipped').withArgs(unknown)
    await expect(refunding).to.emit(sale, 'RefundSkipped').withArgs(ids[0])
    expect((await sale.saleOf(PROJECT)).escrow).to.equal(0)
    expect(await sale.refundMany.staticCall([])).to.equal(0)
  })

  it('go on when one payee burns all its gas, and stop rather than skip for want of gas', async () => {
    const { sale, alice, bob, carol, open, fund, commit, finalize } = await loadFixture(deployed)
    const token: AnyContract = await ethers.deployContract('SaleGreedyToken')
    for (const buyer of [alice, bob, carol]) await fund(buyer, token)
    await open({ currency: await token.getAddress() })
    const ids = [await commit(alice, 30), await commit(bob, 30), await commit(carol, 30)]
    await finalize()
    await token.setVictim(alice)
    await expect(sale.refundMany(ids, { gasLimit: 600_000 }))
      .to.be.revertedWithCustomError(sale, 'NotEnoughGas')
      .withArgs(520_000)
    await sale.refundMany(ids, { gasLimit: 2_000_000 })
    expect((await sale.saleOf(PROJECT)).escrow).to.equal(30 * PRICE)
    expect((await sale.commitmentOf(ids[0])).state).to.equal(COMMITMENT_STATE.open)
  })

  it('are taken in lists of any length: only gas bounds them', async () => {
    const { sale, ids } = await loadFixture(failed)
    const many = Array.from({ length: 260 }, (_, index) => (index === 259 ? ids[0]! : ethers.id(`none ${index}`)))
    expect(await sale.refundMany.staticCall(many)).to.equal(1)
    await sale.refundMany(many)
    expect((await sale.commitmentOf(ids[0])).state).to.equal(COMMITMENT_STATE.refunded)
  })

  it('are one call for each that nobody else can make', async () => {
    const { sale, admin, ids } = await loadFixture(failed)
    await expect(sale.connect(admin).refundOne(ids[0])).to.be.revertedWithCustomError(sale, 'OnlySelf').withArgs()
  })

  it('of 100 buyers pay every one of them', async () => {
    const { sale, currency, setAccount, alice, finalize } = await loadFixture(onSale)
    const ids: string[] = []
    const buyers: string[] = []
    await setAccount(alice)
    for (let index = 0; index < 99; index++) {
      const buyer = ethers.Wallet.createRandom().address
      buyers.push(buyer)
      await setAccount(buyer)
      await currency.mint(buyer, PRICE)
      await networkHelpers.setBalance(buyer, 10n ** 18n)
      const signer = await ethers.getImpersonatedSigner(buyer)
      await currency.connect(signer).approve(sale, PRICE)
      await sale.connect(signer).commit(PROJECT, 1, salt(index))
      ids.push(await sale.investmentIdOf(PROJECT, buyer, salt(index)))
    }
    await finalize()
    await sale.refundMany(ids, { gasLimit: 15_000_000 })
    for (const buyer of buyers) expect(await currency.balanceOf(buyer)).to.equal(PRICE)
    expect(await currency.balanceOf(sale)).to.equal(0)
    expect((await sale.saleOf(PROJECT)).investors).to.equal(0)
  })
})

describe('Two sales in one currency', () => {
  it('never touch each other’s money', async () => {
    const { sale, currency, treasury, alice, bob, open, createProject, commit, finalize, terms } = await loadFixture(onSale)
    await createProject(OTHER_PROJECT)
    await open({ closesAt: terms.closesAt + DAY }, OTHER_PROJECT)
    const won = await commit(alice, TARGET)
    const lost = await commit(bob, TARGET - 1, OTHER_PROJECT)
    await finalize()
    await sale.settle(PROJECT, [won])
    await sale.withdrawProceeds(PROJECT)
    expect(await currency.balanceOf(treasury)).to.equal(TARGET * PRICE)
    expect(await currency.balanceOf(sale)).to.equal((TARGET - 1) * PRICE)
    await finalize(OTHER_PROJECT)
    await expect(sale.withdrawProceeds(OTHER_PROJECT)).to.be.revertedWithCustomError(sale, 'NoProceeds').withArgs(OTHER_PROJECT)
    await expect(sale.refund(lost)).to.changeTokenBalances(ethers, currency, [bob, sale], [(TARGET - 1) * PRICE, -(TARGET - 1) * PRICE])
  })
})
