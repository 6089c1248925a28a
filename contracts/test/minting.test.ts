import { expect } from 'chai'
import {
  type AnyContract,
  CODE,
  deployed,
  ethers,
  FLAG,
  investmentId,
  networkHelpers,
  PROJECT,
  STATE,
  terms,
  ZERO,
  ZERO_HASH,
} from './fixture.ts'

const ID = investmentId(1)
const order = (name: number | string, investor: AnyContract, units: number, unlockDay = 0) => ({
  investmentId: investmentId(name),
  investor,
  units,
  unlockDay,
})

describe('Minting', () => {
  it('writes units, supply, holder count and a receipt once', async () => {
    const { ledger, alice, mint, minter } = await networkHelpers.loadFixture(deployed)
    const minting = mint(alice, 40, { id: ID, unlockDay: 30_000 })
    await expect(minting).to.emit(ledger, 'TransferSingle').withArgs(minter, ZERO, alice, PROJECT, 40)
    await expect(minting).to.emit(ledger, 'InvestmentMinted').withArgs(ID, PROJECT, alice, 40, 30_000)
    expect(await ledger.balanceOf(alice, PROJECT)).to.equal(40)
    expect(await ledger.totalSupply(PROJECT)).to.equal(40)
    expect(await ledger.holderCount(PROJECT)).to.equal(1)
    expect((await ledger.receiptOf(ID)).toArray()).to.deep.equal([alice.address, 40n, BigInt(PROJECT), 30_000n])
  })

  it('does nothing and says so when the identical investment comes again, in any state', async () => {
    const { ledger, alice, minter, operator, beginExit } = await networkHelpers.loadFixture(deployed)
    const again = () => ledger.connect(minter).mintInvestment(ID, PROJECT, alice, 40, 0)
    const answer = () => ledger.connect(minter).mintInvestment.staticCall(ID, PROJECT, alice, 40, 0)
    expect(await answer()).to.equal(true)
    await again()
    const changesNothing = async () => {
      expect(await answer()).to.equal(false)
      const receipt = await (await again()).wait()
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
    const { ledger, alice, bob, minter, operator, token } = await networkHelpers.loadFixture(deployed)
    await ledger.connect(operator).createProject(8, terms(await token.getAddress()))
    await ledger.connect(minter).mintInvestment(ID, PROJECT, alice, 40, 5)
    for (const changed of [
      [ID, 8, alice, 40, 5],
      [ID, PROJECT, bob, 40, 5],
      [ID, PROJECT, alice, 41, 5],
      [ID, PROJECT, alice, 40, 6],
      [ID, PROJECT, alice, 40, 0],
    ]) {
      await expect(ledger.connect(minter).mintInvestment(...changed))
        .to.be.revertedWithCustomError(ledger, 'InvestmentConflict')
        .withArgs(ID)
    }
    await expect(ledger.connect(minter).mintInvestments(PROJECT, [order(1, bob, 40)]))
      .to.be.revertedWithCustomError(ledger, 'InvestmentConflict')
      .withArgs(ID)
    expect(await ledger.totalSupply(PROJECT)).to.equal(40)
  })

  it('refuses no id and no units', async () => {
    const { ledger, alice, minter, mint } = await networkHelpers.loadFixture(deployed)
    await expect(mint(alice, 1, { id: ZERO_HASH })).to.be.revertedWithCustomError(ledger, 'InvalidInvestmentId')
    await expect(mint(alice, 0)).to.be.revertedWithCustomError(ledger, 'ZeroUnits')
    await expect(ledger.connect(minter).mintInvestments(PROJECT, [order(1, alice, 0)])).to.be.revertedWithCustomError(ledger, 'ZeroUnits')
  })

  it('never exceeds the cap', async () => {
    const { ledger, alice, bob, mint } = await networkHelpers.loadFixture(deployed)
    await mint(alice, 999_999)
    await expect(mint(bob, 2)).to.be.revertedWithCustomError(ledger, 'SupplyCapExceeded').withArgs(PROJECT, 1_000_000, 1_000_001)
    await expect(mint(bob, 2n ** 56n - 1n))
      .to.be.revertedWithCustomError(ledger, 'SupplyCapExceeded')
      .withArgs(PROJECT, 1_000_000, 2n ** 56n + 999_998n)
    await mint(bob, 1)
    expect(await ledger.totalSupply(PROJECT)).to.equal(1_000_000)
    expect(await ledger.detectTransferRestriction(ZERO, bob, PROJECT, 1)).to.equal(CODE.supplyCap)
  })

  it('works in active projects only', async () => {
    const { ledger, alice, mint, operator, beginExit } = await networkHelpers.loadFixture(deployed)
    const refused = async (code: number, projectId: number = PROJECT) => {
      expect(await ledger.detectTransferRestriction(ZERO, alice, projectId, 1)).to.equal(code)
      await expect(mint(alice, 1, { projectId }))
        .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
        .withArgs(code, ZERO, alice, projectId, 1)
    }
    await refused(CODE.projectState, 99)
    await ledger.connect(operator).setProjectState(PROJECT, STATE.paused, ZERO_HASH)
    await refused(CODE.projectState)
    await ledger.connect(operator).setProjectState(PROJECT, STATE.active, ZERO_HASH)
    await beginExit()
    await refused(CODE.exitRunning)
    await ledger.finalizeExit(PROJECT)
    await refused(CODE.projectState)
  })

  it('of many skips what may not be and mints the rest', async () => {
    const { ledger, alice, bob, carol, dave, stranger, minter, setAccount } = await networkHelpers.loadFixture(deployed)
    const refusing = await ethers.deployContract('RefusingReceiver')
    const silent = await ethers.deployContract('SilentContract')
    const greedy = await ethers.deployContract('GreedyReceiver')
    const accepting = await ethers.deployContract('CallingReceiver')
    for (const account of [refusing, silent, greedy, accepting]) await setAccount(account)
    await setAccount(carol, { expiry: 1 })
    await setAccount(dave, { flags: FLAG.receive | FLAG.frozen })
    await ledger.connect(minter).mintInvestment(investmentId(0), PROJECT, alice, 5, 0)
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
    expect(await ledger.connect(minter).mintInvestments.staticCall(PROJECT, orders)).to.equal((1n << 1n) | (1n << 8n) | (1n << 10n))
    const minting = ledger.connect(minter).mintInvestments(PROJECT, orders)
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
    const receipt = await (await minting).wait()
    const events = receipt.logs.map((log: AnyContract) => ledger.interface.parseLog(log).name)
    expect(events.filter((name: string) => name === 'InvestmentMinted')).to.have.length(3)
    expect(events.filter((name: string) => name === 'InvestmentSkipped')).to.have.length(7)
    expect(await ledger.totalSupply(PROJECT)).to.equal(35)
    expect(await ledger.holderCount(PROJECT)).to.equal(3)
    expect((await ledger.receiptOf(investmentId(5))).units, 'no receipt of what was refused').to.equal(0)
  })

  it('names the minter as operator also where the ledger calls itself', async () => {
    const { ledger, minter, setAccount } = await networkHelpers.loadFixture(deployed)
    const accepting = await ethers.deployContract('CallingReceiver')
    await setAccount(accepting)
    await expect(ledger.connect(minter).mintInvestments(PROJECT, [order(1, accepting, 10)]))
      .to.emit(ledger, 'TransferSingle')
      .withArgs(minter, ZERO, accepting, PROJECT, 10)
  })

  it('of many ends as a whole, rather than skipping, when gas runs low', async () => {
    const { ledger, minter, setAccount } = await networkHelpers.loadFixture(deployed)
    const accepting = await ethers.deployContract('CallingReceiver')
    await setAccount(accepting)
    await expect(
      ledger.connect(minter).mintInvestments(PROJECT, [order(1, accepting, 10)], { gasLimit: 400_000 }),
    ).to.be.revertedWithCustomError(ledger, 'NotEnoughGas')
    const estimated = await ledger.connect(minter).mintInvestments.estimateGas(PROJECT, [order(1, accepting, 10)])
    await ledger.connect(minter).mintInvestments(PROJECT, [order(1, accepting, 10)], { gasLimit: estimated })
    expect(await ledger.balanceOf(accepting, PROJECT)).to.equal(10)
  })

  it('takes at most 256 orders at once', async () => {
    const { ledger, alice, minter } = await networkHelpers.loadFixture(deployed)
    const orders = Array.from({ length: 257 }, (_, index) => order(index, alice, 1))
    await expect(ledger.connect(minter).mintInvestments(PROJECT, orders))
      .to.be.revertedWithCustomError(ledger, 'TooManyOrders')
      .withArgs(257, 256)
    expect(await ledger.connect(minter).mintInvestments.staticCall(PROJECT, orders.slice(0, 256))).to.equal(2n ** 256n - 1n)
  })

  it('gives a receiver that mints again from its hook nothing', async () => {
    const { ledger, admin, minter, setAccount } = await networkHelpers.loadFixture(deployed)
    const receiver: AnyContract = await ethers.deployContract('CallingReceiver')
    await setAccount(receiver)
    await ledger.connect(admin).grantRole(ethers.id('MINTER_ROLE'), receiver)
    for (const [name, call] of [
      ['one', 'mintInvestment'],
      ['many', 'mintInvestments'],
    ] as const) {
      const args = call === 'mintInvestment' ? [investmentId(name), PROJECT, receiver, 10, 0] : [PROJECT, [order(name, receiver, 10)]]
      await receiver.arm(
        ledger,
        ledger.interface.encodeFunctionData('mintInvestment', [investmentId(`${name} more`), PROJECT, await receiver.getAddress(), 10, 0]),
      )
      await ledger.connect(minter)[call](...args)
      expect(await receiver.called()).to.equal(true)
      expect(await receiver.succeeded()).to.equal(false)
      expect(await receiver.answer()).to.equal(ledger.interface.encodeErrorResult('ReentrancyGuardReentrantCall'))
    }
    expect(await ledger.balanceOf(receiver, PROJECT)).to.equal(20)
  })

  it('reverts a single mint to a contract that refuses', async () => {
    const { ledger, mint, setAccount } = await networkHelpers.loadFixture(deployed)
    for (const [name, error] of [
      ['RefusingReceiver', 'NoThanks'],
      ['WrongAnswerReceiver', 'ERC1155InvalidReceiver'],
      ['PlainContract', 'ERC1155InvalidReceiver'],
    ] as const) {
      const receiver = await ethers.deployContract(name)
      await setAccount(receiver)
      await expect(mint(receiver, 1), name).to.be.revertedWithCustomError(error === 'NoThanks' ? receiver : ledger, error)
    }
    expect(await ledger.totalSupply(PROJECT)).to.equal(0)
  })
})
