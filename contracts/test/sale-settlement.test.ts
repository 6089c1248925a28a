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
    await sale.settle(PROJECT, ids)
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

  it('is settled and not paid back when somebody asks for a refund after the grace: nobody gets units and money', async () => {
    const world = await loadFixture(succeeded)
    const { sale, currency, treasury, alice, bob, carol, stranger, ids } = world
    await mintByVoucher(world, ids[0]!, alice, 60)
    await mintByVoucher(world, ids[2]!, carol, 20)
    await time.increase(GRACE)
    expect(await sale.refund.staticCall(ids[0])).to.equal(false)
    const refunding = sale.connect(alice).refund(ids[0])
    await expect(refunding)
      .to.emit(sale, 'CommitmentSettled')
      .withArgs(ids[0], PROJECT, alice, 60, 60 * PRICE)
    await expect(refunding).to.changeTokenBalances(ethers, currency, [alice, sale], [0, 0])
    // Bob was never minted: his is the only refund of the three.
    expect(await sale.refundMany.staticCall(ids)).to.equal(1)
    await expect(sale.connect(stranger).refundMany(ids)).to.changeTokenBalances(ethers, currency, [alice, bob, carol], [0, 40 * PRICE, 0])
    await expect(sale.withdrawProceeds(PROJECT)).to.changeTokenBalances(ethers, currency, [treasury, sale], [60 * PRICE, -60 * PRICE])
    expect((await sale.saleOf(PROJECT)).settledUnits).to.equal(80)
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
