import { expect } from 'chai'
import {
  type AnyContract,
  CODE,
  deployed,
  ethers,
  FLAG,
  investmentId,
  networkHelpers,
  order,
  PROJECT,
  ROLE,
  STATE,
  voucherFor,
  ZERO,
  ZERO_HASH,
} from './fixture.ts'

const ID = investmentId(1)
const NO_VOUCHER = { deadline: 0, signature: '0x' }

describe('Minting', () => {
  it('writes units, supply, holder count and a receipt once', async () => {
    const { ledger, alice, mint, minter, holders } = await networkHelpers.loadFixture(deployed)
    const minting = mint(alice, 40, { id: ID, unlockDay: 30_000 })
    await expect(minting).to.emit(ledger, 'TransferSingle').withArgs(minter, ZERO, alice, PROJECT, 40)
    await expect(minting).to.emit(ledger, 'InvestmentMinted').withArgs(ID, PROJECT, alice, 40, 30_000)
    expect(await ledger.balanceOf(alice, PROJECT)).to.equal(40)
    expect(await ledger.totalSupply(PROJECT)).to.equal(40)
    expect(await holders()).to.equal(1)
    expect((await ledger.receiptOf(ID)).toArray()).to.deep.equal([alice.address, 40n, BigInt(PROJECT), 30_000n])
    expect((await ledger.lotOf(ID)).toArray()).to.deep.equal([alice.address, 0n])
    await mint(alice, 2)
    expect(await holders()).to.equal(1)
  })

  it('does nothing and says so when the identical investment comes again, in any state and with any voucher', async () => {
    const { ledger, alice, minter, operator, mint, beginExit } = await networkHelpers.loadFixture(deployed)
    await mint(alice, 40, { id: ID })
    const args = [ID, PROJECT, alice, 40, 0, NO_VOUCHER]
    const changesNothing = async () => {
      expect(await ledger.connect(minter).mintInvestment.staticCall(...args)).to.equal(false)
      const receipt = await (await ledger.connect(minter).mintInvestment(...args)).wait()
      expect(receipt.logs).to.have.length(0)
      expect(await ledger.balanceOf(alice, PROJECT)).to.equal(40)
    }
    await changesNothing()
    await ledger.connect(operator).setProjectState(PROJECT, STATE.paused, ZERO_HASH)
    await changesNothing()
    await ledger.connect(operator).setProjectState(PROJECT, STATE.active, ZERO_HASH)
    await beginExit()
    await changesNothing()
  })

  it('refuses the same investment with anything changed', async () => {
    const { ledger, alice, bob, minter, createProject, mint, mintMany } = await networkHelpers.loadFixture(deployed)
    await createProject(8)
    await mint(alice, 40, { id: ID, unlockDay: 5 })
    for (const changed of [
      [ID, 8, alice, 40, 5],
      [ID, PROJECT, bob, 40, 5],
      [ID, PROJECT, alice, 41, 5],
      [ID, PROJECT, alice, 40, 6],
      [ID, PROJECT, alice, 40, 0],
    ]) {
      await expect(ledger.connect(minter).mintInvestment(...changed, NO_VOUCHER))
        .to.be.revertedWithCustomError(ledger, 'InvestmentConflict')
        .withArgs(ID)
    }
    await expect(mintMany([order(1, bob, 40)]))
      .to.be.revertedWithCustomError(ledger, 'InvestmentConflict')
      .withArgs(ID)
    expect(await ledger.totalSupply(PROJECT)).to.equal(40)
  })

  it('refuses no id and no units, of one and of many', async () => {
    const { ledger, alice, mint, mintMany } = await networkHelpers.loadFixture(deployed)
    await expect(mint(alice, 1, { id: ZERO_HASH })).to.be.revertedWithCustomError(ledger, 'InvalidInvestmentId')
    await expect(mint(alice, 0)).to.be.revertedWithCustomError(ledger, 'ZeroUnits')
    await expect(mintMany([order(1, alice, 0)]))
      .to.be.revertedWithCustomError(ledger, 'ZeroUnits')
      .withArgs(investmentId(1))
    await expect(mintMany([order(1, alice, 1), { ...order(2, alice, 1), investmentId: ZERO_HASH }])).to.be.revertedWithCustomError(
      ledger,
      'InvalidInvestmentId',
    )
  })

  it('never exceeds the cap', async () => {
    const { ledger, alice, bob, mint } = await networkHelpers.loadFixture(deployed)
    await mint(alice, 999_999)
    for (const units of [2n, 2n ** 56n - 1n]) {
      await expect(mint(bob, units))
        .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
        .withArgs(CODE.supplyCap, ZERO, bob, PROJECT, units, 1_000_000)
    }
    await mint(bob, 1)
    expect(await ledger.totalSupply(PROJECT)).to.equal(1_000_000)
    expect(await ledger.detectTransferRestriction(ZERO, bob, PROJECT, 1)).to.equal(CODE.supplyCap)
  })

  it('works in active projects only', async () => {
    const { ledger, alice, mint, operator, dao, beginExit } = await networkHelpers.loadFixture(deployed)
    const refused = async (code: number, state: number, projectId: number = PROJECT) => {
      expect(await ledger.detectTransferRestriction(ZERO, alice, projectId, 1)).to.equal(code)
      await expect(mint(alice, 1, { projectId }))
        .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
        .withArgs(code, ZERO, alice, projectId, 1, state)
    }
    await refused(CODE.projectState, STATE.none, 99)
    await ledger.connect(operator).setProjectState(PROJECT, STATE.paused, ZERO_HASH)
    await refused(CODE.projectState, STATE.paused)
    await ledger.connect(operator).setProjectState(PROJECT, STATE.active, ZERO_HASH)
    await ledger.connect(operator).announceExit(PROJECT, dao, 2 ** 40 - 1)
    await refused(CODE.projectState, STATE.exitAnnounced)
    await ledger.connect(operator).cancelExit(PROJECT)
    await beginExit()
    await refused(CODE.exitRunning, STATE.exiting)
    await ledger.finalizeExit(PROJECT)
    await refused(CODE.projectState, STATE.exited)
  })

  it('of many skips what may not be and mints the rest', async () => {
    const { ledger, alice, bob, carol, dave, stranger, mint, mintMany, minter, payments, setAccount, holders } =
      await networkHelpers.loadFixture(deployed)
    const refusing = await ethers.deployContract('RefusingReceiver')
    const silent = await ethers.deployContract('SilentContract')
    const greedy = await ethers.deployContract('GreedyReceiver')
    const accepting = await ethers.deployContract('CallingReceiver')
    for (const account of [refusing, silent, greedy, accepting]) await setAccount(account)
    await setAccount(carol, { expiry: 1 })
    await setAccount(dave, { flags: FLAG.receive | FLAG.frozen })
    await mint(alice, 5, { id: investmentId(0) })
    const orders = [
      order(0, alice, 5),
      order(1, alice, 10),
      order(2, stranger, 10),
      order(3, carol, 10),
      order(4, dave, 10),
      order(5, refusing, 10),
      order(6, silent, 10),
      order(7, greedy, 10),
      order(8, accepting, 10),
      order(9, bob, 1_000_000),
      order(10, bob, 10),
      order(1, alice, 10),
    ]
    const voucher = await voucherFor(ledger, payments, PROJECT, orders)
    const bitmap = (1n << 1n) | (1n << 8n) | (1n << 10n)
    expect(await ledger.connect(minter).mintInvestments.staticCall(PROJECT, orders, voucher)).to.equal(bitmap)
    const minting = mintMany(orders)
    const skipped = {
      2: CODE.receiverNotEligible,
      3: CODE.receiverExpired,
      4: CODE.frozen,
      5: CODE.receiverRefuses,
      6: CODE.receiverRefuses,
      7: CODE.receiverRefuses,
      9: CODE.supplyCap,
    }
    for (const [name, code] of Object.entries(skipped))
      await expect(minting).to.emit(ledger, 'InvestmentSkipped').withArgs(investmentId(name), PROJECT, code)
    for (const [name, investor] of [
      [1, alice],
      [8, accepting],
      [10, bob],
    ] as const)
      await expect(minting).to.emit(ledger, 'InvestmentMinted').withArgs(investmentId(name), PROJECT, investor, 10, 0)
    const { logs } = await (await minting).wait()
    const events = logs.map((log: AnyContract) => ledger.interface.parseLog(log).name)
    expect(events.filter((name: string) => name === 'InvestmentMinted')).to.have.length(3)
    expect(events.filter((name: string) => name === 'InvestmentSkipped')).to.have.length(7)
    expect(await ledger.totalSupply(PROJECT)).to.equal(35)
    expect(await holders()).to.equal(3)
    expect((await ledger.receiptOf(investmentId(5))).units, 'no receipt of what was refused').to.equal(0)
    await mintMany(orders)
    expect(await ledger.totalSupply(PROJECT), 'the same voucher again').to.equal(35)
  })

  it('names the minter as operator also where the ledger calls itself', async () => {
    const { ledger, minter, mintMany, setAccount } = await networkHelpers.loadFixture(deployed)
    const accepting = await ethers.deployContract('CallingReceiver')
    await setAccount(accepting)
    await expect(mintMany([order(1, accepting, 10)]))
      .to.emit(ledger, 'TransferSingle')
      .withArgs(minter, ZERO, accepting, PROJECT, 10)
  })

  it('of many ends as a whole, rather than skipping, when gas runs low', async () => {
    const { ledger, minter, payments, mintMany, setAccount } = await networkHelpers.loadFixture(deployed)
    const accepting = await ethers.deployContract('CallingReceiver')
    await setAccount(accepting)
    const orders = [order(1, accepting, 10)]
    await expect(mintMany(orders, PROJECT, { gasLimit: 400_000 }))
      .to.be.revertedWithCustomError(ledger, 'NotEnoughGas')
      .withArgs(520_000)
    const voucher = await voucherFor(ledger, payments, PROJECT, orders)
    const estimated = await ledger.connect(minter).mintInvestments.estimateGas(PROJECT, orders, voucher)
    await mintMany(orders, PROJECT, { gasLimit: estimated })
    expect(await ledger.balanceOf(accepting, PROJECT)).to.equal(10)
  })

  it('takes at most 256 orders at once', async () => {
    const { ledger, alice, seller, minter, payments, mintMany } = await networkHelpers.loadFixture(deployed)
    const orders = Array.from({ length: 257 }, (_, index) => order(index, alice, 1))
    await expect(mintMany(orders)).to.be.revertedWithCustomError(ledger, 'TooMany').withArgs(257, 256)
    await expect(ledger.connect(seller).mintSettled(PROJECT, orders)).to.be.revertedWithCustomError(ledger, 'TooMany').withArgs(257, 256)
    const fitting = orders.slice(0, 256)
    const voucher = await voucherFor(ledger, payments, PROJECT, fitting)
    expect(await ledger.connect(minter).mintInvestments.staticCall(PROJECT, fitting, voucher)).to.equal(2n ** 256n - 1n)
    expect(await ledger.connect(seller).mintSettled.staticCall(PROJECT, fitting)).to.equal(2n ** 256n - 1n)
  })

  it('of nothing does nothing', async () => {
    const { ledger, mintMany, seller } = await networkHelpers.loadFixture(deployed)
    expect((await (await mintMany([])).wait()).logs).to.have.length(0)
    expect(await ledger.connect(seller).mintSettled.staticCall(PROJECT, [])).to.equal(0)
  })

  it('of what a sale settled needs no voucher, skips like any batch and is replayed like any mint', async () => {
    const { ledger, alice, stranger, seller } = await networkHelpers.loadFixture(deployed)
    const orders = [order(1, alice, 10, 30_000), order(2, stranger, 5)]
    const settling = ledger.connect(seller).mintSettled(PROJECT, orders)
    await expect(settling).to.emit(ledger, 'TransferSingle').withArgs(seller, ZERO, alice, PROJECT, 10)
    await expect(settling).to.emit(ledger, 'InvestmentMinted').withArgs(investmentId(1), PROJECT, alice, 10, 30_000)
    await expect(settling).to.emit(ledger, 'InvestmentSkipped').withArgs(investmentId(2), PROJECT, CODE.receiverNotEligible)
    expect(await ledger.connect(seller).mintSettled.staticCall(PROJECT, orders)).to.equal(0)
    await expect(ledger.connect(seller).mintSettled(PROJECT, [order(1, alice, 11, 30_000)]))
      .to.be.revertedWithCustomError(ledger, 'InvestmentConflict')
      .withArgs(ID)
  })

  it('gives a receiver that mints again from its hook nothing', async () => {
    const { ledger, admin, minter, seller, payments, setAccount } = await networkHelpers.loadFixture(deployed)
    const receiver: AnyContract = await ethers.deployContract('CallingReceiver')
    await setAccount(receiver)
    await ledger.connect(admin).setRole(receiver, ROLE.minter)
    const more = order('more', receiver, 10)
    const voucher = await voucherFor(ledger, payments, PROJECT, [more])
    const again = [more.investmentId, PROJECT, await receiver.getAddress(), 10, 0, voucher]
    await receiver.arm(ledger, ledger.interface.encodeFunctionData('mintInvestment', again))
    const first = order('one', receiver, 10)
    const second = order('many', receiver, 10)
    const deeds = [
      async () => {
        const one = await voucherFor(ledger, payments, PROJECT, [first])
        return ledger.connect(minter).mintInvestment(first.investmentId, PROJECT, receiver, 10, 0, one)
      },
      async () => ledger.connect(minter).mintInvestments(PROJECT, [second], await voucherFor(ledger, payments, PROJECT, [second])),
      async () => ledger.connect(seller).mintSettled(PROJECT, [order('settled', receiver, 10)]),
    ]
    for (const deed of deeds) {
      await receiver.disarm()
      await receiver.arm(ledger, ledger.interface.encodeFunctionData('mintInvestment', again))
      await deed()
      expect(await receiver.called()).to.equal(true)
      expect(await receiver.answer()).to.equal(ledger.interface.encodeErrorResult('ReentrancyGuardReentrantCall'))
    }
    expect(await ledger.balanceOf(receiver, PROJECT)).to.equal(30)
  })

  it('reverts a single mint to a contract that refuses', async () => {
    const { ledger, mint, setAccount } = await networkHelpers.loadFixture(deployed)
    for (const name of ['RefusingReceiver', 'WrongAnswerReceiver', 'PlainContract', 'SilentContract', 'GreedyReceiver'] as const) {
      const receiver = await ethers.deployContract(name)
      await setAccount(receiver)
      if (name === 'RefusingReceiver') await expect(mint(receiver, 1)).to.be.revertedWithCustomError(receiver, 'NoThanks')
      else if (name === 'SilentContract') await expect(mint(receiver, 1)).to.be.revertedWithoutReason(ethers)
      else await expect(mint(receiver, 1), name).to.be.revertedWithCustomError(ledger, 'ERC1155InvalidReceiver').withArgs(receiver)
    }
    expect(await ledger.totalSupply(PROJECT)).to.equal(0)
  })

  it('bears a lock-up from the first to the last day there is', async () => {
    const { ledger, alice, bob, mint, send } = await networkHelpers.loadFixture(deployed)
    await mint(alice, 1, { unlockDay: 65_535 })
    await mint(bob, 1, { unlockDay: 1 })
    await send(bob, alice, 1)
    const { locked, unlockDay } = await ledger.holdingOf(PROJECT, alice)
    expect([locked, unlockDay, await ledger.movableOf(alice, PROJECT)]).to.deep.equal([1n, 65_535n, 1n])
  })
})
