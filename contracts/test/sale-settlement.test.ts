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
  LEDGER_STATE,
  networkHelpers,
  OTHER_PROJECT,
  onSale,
  PRICE,
  PROJECT,
  ROLE,
  SALE_STATE,
  type Signer,
  salt,
  succeeded,
  TARGET,
  ZERO,
} from './sale-scene.ts'

const { loadFixture, time } = networkHelpers

/** Signs vouchers with a bare key, as an attestor's service does. */
const MINT_ATTESTOR_KEY = ethers.id('mint attestor')

const today = async () => Math.floor((await time.latest()) / DAY)

/** A contract that is an investor with money, and commits. */
async function contractBuyer(world: Awaited<ReturnType<typeof deployed>>, name: string, units: number) {
  const { sale, currency, setAccount } = world
  const receiver: AnyContract = await ethers.deployContract(name)
  const address = await receiver.getAddress()
  await setAccount(address)
  await currency.mint(address, units * PRICE)
  const signer = await ethers.getImpersonatedSigner(address)
  await networkHelpers.setBalance(address, 10n ** 18n)
  await currency.connect(signer).approve(sale, units * PRICE)
  await sale.connect(signer).commit(PROJECT, units, salt(name))
  return { receiver, signer, id: (await sale.investmentIdOf(PROJECT, address, salt(name))) as string }
}

describe('Settling', () => {
  it('mints what was committed, and makes its money the project’s', async () => {
    const { sale, ledger, currency, stranger, treasury, alice, bob, carol, ids } = await loadFixture(succeeded)
    expect(await sale.connect(stranger).settle.staticCall(PROJECT, ids)).to.equal(0b111)
    const settling = sale.connect(stranger).settle(PROJECT, ids)
    const day = (await today()) + 365
    for (const [index, buyer, units, amount] of [
      [0, alice, 60, 60 * PRICE],
      [1, bob, 40, 40 * PRICE],
      [2, carol, 20, 0],
    ] as const) {
      await expect(settling).to.emit(sale, 'CommitmentSettled').withArgs(ids[index], PROJECT, buyer, units, amount)
      await expect(settling).to.emit(ledger, 'InvestmentMinted').withArgs(ids[index], PROJECT, buyer, units, day)
      expect((await sale.commitmentOf(ids[index])).state).to.equal(COMMITMENT_STATE.settled)
      expect(await ledger.balanceOf(buyer, PROJECT)).to.equal(units)
    }
    await expect(settling).to.changeTokenBalances(ethers, currency, [sale, treasury], [0, 0])
    const shown = (await sale.saleOf(PROJECT)).toObject()
    expect(shown).to.deep.include({ openUnits: 0n, openFiatUnits: 0n, settledUnits: 120n, investors: 3n, escrow: 0n })
    expect(shown.proceeds).to.equal(100 * PRICE)
    expect(await sale.committedUnitsOf(PROJECT, alice)).to.equal(60)
    const withdrawing = sale.connect(stranger).withdrawProceeds(PROJECT)
    await expect(withdrawing)
      .to.emit(sale, 'ProceedsWithdrawn')
      .withArgs(PROJECT, treasury, 100 * PRICE)
    await expect(withdrawing).to.changeTokenBalances(ethers, currency, [sale, treasury], [-100 * PRICE, 100 * PRICE])
    await expect(sale.withdrawProceeds(PROJECT)).to.be.revertedWithCustomError(sale, 'NoProceeds').withArgs(PROJECT)
  })

  it('is harmless when repeated, alone, twice in one list or among others', async () => {
    const { sale, ledger, ids } = await loadFixture(succeeded)
    const [alices, bobs, carols] = ids
    expect(await sale.settle.staticCall(PROJECT, [alices, alices])).to.equal(0b01)
    await sale.settle(PROJECT, [alices, alices])
    expect((await sale.saleOf(PROJECT)).proceeds).to.equal(60 * PRICE)
    await sale.settle(PROJECT, [alices])
    expect(await sale.settle.staticCall(PROJECT, [alices, bobs, alices, carols])).to.equal(0b1010)
    await sale.settle(PROJECT, [alices, bobs, alices, carols])
    await sale.settle(PROJECT, [])
    expect(await ledger.totalSupply(PROJECT)).to.equal(120)
    expect((await sale.saleOf(PROJECT)).proceeds).to.equal(100 * PRICE)
  })

  it('pays the treasury as it goes, and only what is settled', async () => {
    const { sale, currency, treasury, ids } = await loadFixture(succeeded)
    await expect(sale.withdrawProceeds(PROJECT)).to.be.revertedWithCustomError(sale, 'NoProceeds').withArgs(PROJECT)
    for (const [index, amount] of [
      [0, 60 * PRICE],
      [1, 40 * PRICE],
    ] as const) {
      await sale.settle(PROJECT, [ids[index]])
      await expect(sale.withdrawProceeds(PROJECT)).to.changeTokenBalances(ethers, currency, [treasury], [amount])
    }
    await expect(sale.withdrawProceeds(99)).to.be.revertedWithCustomError(sale, 'NoProceeds').withArgs(99)
  })

  it('refuses what it doesn’t know, what is of another sale, and sales that haven’t succeeded', async () => {
    const { sale, alice, ids, createProject, open, commit, finalize } = await loadFixture(succeeded)
    await createProject(OTHER_PROJECT)
    await open({}, OTHER_PROJECT)
    const other = await commit(alice, TARGET, OTHER_PROJECT)
    for (const [project, state] of [
      [OTHER_PROJECT, SALE_STATE.open],
      [99, SALE_STATE.none],
    ])
      await expect(sale.settle(project, [other]))
        .to.be.revertedWithCustomError(sale, 'WrongSaleState')
        .withArgs(project, state)
    await finalize(OTHER_PROJECT)
    for (const unknown of [other, ethers.id('none')])
      await expect(sale.settle(PROJECT, [ids[0], unknown]))
        .to.be.revertedWithCustomError(sale, 'UnknownCommitment')
        .withArgs(unknown)
    const loser = await loadFixture(failed)
    await expect(loser.sale.settle(PROJECT, loser.ids))
      .to.be.revertedWithCustomError(loser.sale, 'WrongSaleState')
      .withArgs(PROJECT, SALE_STATE.failed)
  })

  it('passes over what was cancelled or refunded', async () => {
    const { sale, ledger, alice, bob, commit, finalize } = await loadFixture(onSale)
    const cancelled = await commit(alice, 5)
    await sale.connect(alice).cancel(cancelled)
    const [good, late] = [await commit(alice, 60), await commit(bob, 40)]
    await finalize()
    await time.increase(GRACE)
    await sale.refund(late)
    expect(await sale.settle.staticCall(PROJECT, [cancelled, late, good])).to.equal(0b100)
    await sale.settle(PROJECT, [cancelled, late, good])
    expect(await ledger.totalSupply(PROJECT)).to.equal(60)
  })

  it('leaves open whom the ledger won’t give units now, and can be tried again', async () => {
    const { sale, ledger, alice, bob, ids, setAccount } = await loadFixture(succeeded)
    await setAccount(bob, { flags: FLAG.send })
    const settling = sale.settle(PROJECT, ids)
    await expect(settling).to.emit(ledger, 'InvestmentSkipped').withArgs(ids[1], PROJECT, 4)
    expect((await sale.commitmentOf(ids[1])).state).to.equal(COMMITMENT_STATE.open)
    const shown = (await sale.saleOf(PROJECT)).toObject()
    expect(shown).to.deep.include({ openUnits: 40n, settledUnits: 80n, escrow: BigInt(40 * PRICE), proceeds: BigInt(60 * PRICE) })
    expect(await ledger.balanceOf(alice, PROJECT)).to.equal(60)
    await setAccount(bob)
    await sale.settle(PROJECT, ids)
    expect((await sale.commitmentOf(ids[1])).state).to.equal(COMMITMENT_STATE.settled)
    expect((await sale.saleOf(PROJECT)).escrow).to.equal(0)
  })

  it('is not held up by buyers whose contract refuses, is silent or burns all gas', async () => {
    const world = await loadFixture(onSale)
    const { sale, ledger, alice, commit, finalize, currency } = world
    const names = ['RefusingReceiver', 'WrongAnswerReceiver', 'SilentContract', 'GreedyReceiver']
    const buyers = []
    for (const name of names) buyers.push(await contractBuyer(world, name, 10))
    const good = await contractBuyer(world, 'CallingReceiver', 10)
    const alices = await commit(alice, 60)
    await finalize()
    const ids = [...buyers.map(({ id }) => id), good.id, alices]
    await sale.settle(PROJECT, ids, { gasLimit: 15_000_000 })
    expect(await ledger.totalSupply(PROJECT)).to.equal(70)
    await time.increase(GRACE)
    await sale.refundMany(ids, { gasLimit: 5_000_000 })
    for (const { receiver, id } of buyers) {
      expect((await sale.commitmentOf(id)).state).to.equal(COMMITMENT_STATE.refunded)
      expect(await currency.balanceOf(receiver)).to.equal(10 * PRICE)
    }
    expect((await sale.saleOf(PROJECT)).escrow).to.equal(0)
    expect((await sale.saleOf(PROJECT)).proceeds).to.equal(70 * PRICE)
  })

  it('counts the lock-up from the day of the mint', async () => {
    const { sale, ledger, ids } = await loadFixture(succeeded)
    await time.increase(30 * DAY)
    await sale.settle(PROJECT, [ids[0]])
    expect((await ledger.receiptOf(ids[0])).unlockDay).to.equal((await today()) + 365)
  })

  it('locks nothing where the terms say so', async () => {
    const { sale, ledger, alice, open, commit, finalize } = await loadFixture(deployed)
    await open({ unlockDays: 0 })
    const id = await commit(alice, TARGET)
    await finalize()
    await sale.settle(PROJECT, [id])
    expect((await ledger.receiptOf(id)).unlockDay).to.equal(0)
  })

  it('mints to the wallet that took the place of a lost one', async () => {
    const { sale, ledger, registry, alice, stranger, signers, ids } = await loadFixture(succeeded)
    const newest = signers[12] as Signer
    const { investorId } = await ledger.accountOf(alice)
    const record = { flags: FLAG.send | FLAG.receive, expiry: FOREVER, country: 276, class: 0, investorId }
    await ledger.connect(registry).relinkWallet(alice, stranger, record)
    await ledger.connect(registry).relinkWallet(stranger, newest, record)
    await expect(sale.settle(PROJECT, [ids[0]]))
      .to.emit(sale, 'CommitmentSettled')
      .withArgs(ids[0], PROJECT, newest, 60, 60 * PRICE)
    expect(await ledger.balanceOf(newest, PROJECT)).to.equal(60)
    expect(await sale.committedUnitsOf(PROJECT, newest)).to.equal(60)
  })

  it('takes 100 buyers in one transaction', async () => {
    const world = await loadFixture(onSale)
    const { sale, ledger, currency, setAccount, finalize, treasury } = world
    const ids: string[] = []
    for (let index = 0; index < 100; index++) {
      const buyer = ethers.Wallet.createRandom().address
      await setAccount(buyer)
      await currency.mint(buyer, 10 * PRICE)
      await networkHelpers.setBalance(buyer, 10n ** 18n)
      const signer = await ethers.getImpersonatedSigner(buyer)
      await currency.connect(signer).approve(sale, 10 * PRICE)
      await sale.connect(signer).commit(PROJECT, 10, salt(index))
      ids.push(await sale.investmentIdOf(PROJECT, buyer, salt(index)))
    }
    const { openUnits, investors } = await sale.saleOf(PROJECT)
    expect([openUnits, investors]).to.deep.equal([1000n, 100n])
    await finalize()
    const receipt = await (await sale.settle(PROJECT, ids)).wait()
    expect(Number(receipt.gasUsed) / 100).to.be.lessThan(130_000)
    expect(await ledger.totalSupply(PROJECT)).to.equal(1000)
    await expect(sale.withdrawProceeds(PROJECT)).to.changeTokenBalances(ethers, currency, [treasury, sale], [1000 * PRICE, -1000 * PRICE])
  })

  it('takes up to 256 at once', async () => {
    const { sale, ledger, ids } = await loadFixture(succeeded)
    await expect(sale.settle(PROJECT, Array(257).fill(ids[0])))
      .to.be.revertedWithCustomError(sale, 'TooMany')
      .withArgs(257, 256)
    await sale.settle(PROJECT, [...Array(255).fill(ids[0]), ids[1]])
    expect(await ledger.totalSupply(PROJECT)).to.equal(100)
  })

  it('waits while the ledger or the project is paused', async () => {
    const { sale, ledger, ids } = await loadFixture(succeeded)
    await ledger.pause()
    await expect(sale.settle(PROJECT, ids)).to.emit(ledger, 'InvestmentSkipped').withArgs(ids[0], PROJECT, 1)
    await ledger.unpause()
    await ledger.setProjectState(PROJECT, LEDGER_STATE.paused, ethers.id('x'))
    await expect(sale.settle(PROJECT, ids)).to.emit(ledger, 'InvestmentSkipped').withArgs(ids[0], PROJECT, 2)
    expect((await sale.saleOf(PROJECT)).escrow).to.equal(100 * PRICE)
    await ledger.setProjectState(PROJECT, LEDGER_STATE.active, ethers.id('x'))
    await sale.settle(PROJECT, ids)
    expect((await sale.saleOf(PROJECT)).settledUnits).to.equal(120)
  })
})

describe('Settling what was minted under a voucher before', () => {
  async function mintByVoucher(
    world: Awaited<ReturnType<typeof succeeded>>,
    id: string,
    investor: Signer,
    units: number,
    project = PROJECT,
  ) {
    const { ledger, minter } = world
    const unlockDay = (await today()) + 500
    const hash = await ledger.hashOfMint(project, [{ investmentId: id, investor, units, unlockDay }], FOREVER)
    const key = new ethers.SigningKey(MINT_ATTESTOR_KEY)
    await ledger.setRole(ethers.computeAddress(key), ROLE.paymentAttestor)
    const voucher = { deadline: FOREVER, signature: key.sign(hash).serialized }
    await ledger.connect(minter).mintInvestment(id, project, investor, units, unlockDay, voucher)
  }

  it('gives its money to the project, once, and mints nothing more', async () => {
    const world = await loadFixture(succeeded)
    const { sale, ledger, alice, carol, ids } = world
    await mintByVoucher(world, ids[0]!, alice, 60)
    await mintByVoucher(world, ids[2]!, carol, 20)
    expect(await sale.settle.staticCall(PROJECT, [ids[2], ids[1], ids[0], ids[0]])).to.equal(0b0111)
    const settling = sale.settle(PROJECT, [ids[2], ids[1], ids[0], ids[0]])
    await expect(settling)
      .to.emit(sale, 'CommitmentSettled')
      .withArgs(ids[0], PROJECT, alice, 60, 60 * PRICE)
    await expect(settling).to.emit(sale, 'CommitmentSettled').withArgs(ids[2], PROJECT, carol, 20, 0)
    expect(await ledger.totalSupply(PROJECT)).to.equal(120)
    const { escrow, proceeds, settledUnits } = await sale.saleOf(PROJECT)
    expect([escrow, proceeds, settledUnits]).to.deep.equal([0n, BigInt(100 * PRICE), 120n])
  })

  it('knows the buyer’s wallet before and after a relink', async () => {
    const world = await loadFixture(succeeded)
    const { sale, ledger, registry, alice, stranger, ids } = world
    await mintByVoucher(world, ids[0]!, alice, 60)
    const { investorId } = await ledger.accountOf(alice)
    const record = { flags: FLAG.send | FLAG.receive, expiry: FOREVER, country: 276, class: 0, investorId }
    await ledger.connect(registry).relinkWallet(alice, stranger, record)
    expect(await sale.settle.staticCall(PROJECT, [ids[0]])).to.equal(1)
  })

  it('leaves the money to the buyer when the mint was another’s, of another size or project, or reversed', async () => {
    const world = await loadFixture(succeeded)
    const { sale, ledger, currency, alice, bob, ids, createProject } = world
    const others: [string, () => Promise<unknown>][] = [
      ['another investor', () => mintByVoucher(world, ids[0]!, bob, 60)],
      ['another size', () => mintByVoucher(world, ids[0]!, alice, 59)],
      [
        'another project',
        async () => {
          await createProject(OTHER_PROJECT)
          await ledger.setProjectState(OTHER_PROJECT, LEDGER_STATE.active, ethers.ZeroHash)
          await mintByVoucher(world, ids[0]!, alice, 60, OTHER_PROJECT)
        },
      ],
      [
        'reversed',
        async () => {
          await mintByVoucher(world, ids[0]!, alice, 60)
          await ledger.reverseInvestment(ids[0], ethers.id('charge-back'))
        },
      ],
    ]
    const snapshot = await networkHelpers.takeSnapshot()
    for (const [name, mint] of others) {
      await mint()
      expect(await sale.settle.staticCall(PROJECT, ids), name).to.equal(0b110)
      await sale.settle(PROJECT, ids)
      expect((await sale.saleOf(PROJECT)).escrow, name).to.equal(60 * PRICE)
      await time.increase(GRACE)
      await expect(sale.refund(ids[0])).to.changeTokenBalances(ethers, currency, [alice], [60 * PRICE])
      await snapshot.restore()
    }
  })
})

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
      .withArgs()
    await sale.refundMany(ids, { gasLimit: 2_000_000 })
    expect((await sale.saleOf(PROJECT)).escrow).to.equal(30 * PRICE)
    expect((await sale.commitmentOf(ids[0])).state).to.equal(COMMITMENT_STATE.open)
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
