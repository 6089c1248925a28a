import { expect } from 'chai'
import { type AnyContract, CODE, deployed, ethers, NOTICE, networkHelpers, PROJECT, STATE, ZERO, ZERO_HASH } from './fixture.ts'

const TARGETED = 9
const now = () => networkHelpers.time.latest()

async function withHolders() {
  const world = await deployed()
  await world.mint(world.alice, 60)
  await world.mint(world.bob, 40)
  return world
}

describe('The exit', () => {
  it('is announced with at least the notice that the ledger was made with', async () => {
    const { ledger, operator, dao } = await networkHelpers.loadFixture(withHolders)
    expect(await ledger.minNoticeSeconds()).to.equal(NOTICE)
    const time = (await now()) + 10
    await networkHelpers.time.setNextBlockTimestamp(time)
    await expect(ledger.connect(operator).announceExit(PROJECT, dao, time + NOTICE - 1))
      .to.be.revertedWithCustomError(ledger, 'NoticeTooShort')
      .withArgs(time + NOTICE - 1, time + NOTICE)
    await networkHelpers.time.setNextBlockTimestamp(time + 1)
    const announcement = ledger.connect(operator).announceExit(PROJECT, dao, time + 1 + NOTICE)
    await expect(announcement)
      .to.emit(ledger, 'ExitAnnounced')
      .withArgs(PROJECT, dao, time + 1 + NOTICE)
    await expect(announcement).to.emit(ledger, 'ProjectStateChanged').withArgs(PROJECT, STATE.exitAnnounced, ZERO_HASH)
  })

  it('refuses a DAO that can’t receive units, whatever it says of itself', async () => {
    const { ledger, operator, stranger, token, vault } = await networkHelpers.loadFixture(withHolders)
    const unable: AnyContract[] = [ZERO, stranger, token, vault, ledger]
    for (const name of ['PlainContract', 'SilentContract', 'RefusingReceiver', 'WrongAnswerReceiver', 'GreedyReceiver'])
      unable.push(await ethers.deployContract(name))
    for (const dao of unable) {
      await expect(ledger.connect(operator).announceExit(PROJECT, dao, (await now()) + NOTICE + 1000))
        .to.be.revertedWithCustomError(ledger, 'DaoCannotReceive')
        .withArgs(dao)
    }
  })

  it('leaves holders free to transfer during the notice, but mints nothing', async () => {
    const { ledger, operator, dao, alice, bob, send, mint } = await networkHelpers.loadFixture(withHolders)
    await ledger.connect(operator).announceExit(PROJECT, dao, (await now()) + NOTICE + 1000)
    await send(alice, bob, 1)
    await expect(mint(alice, 1))
      .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
      .withArgs(CODE.projectState, ZERO, alice, PROJECT, 1, STATE.exitAnnounced)
  })

  it('can be cancelled until it begins', async () => {
    const { ledger, operator, dao, alice, mint } = await networkHelpers.loadFixture(withHolders)
    await ledger.connect(operator).announceExit(PROJECT, dao, (await now()) + NOTICE + 1000)
    await expect(ledger.connect(operator).cancelExit(PROJECT)).to.emit(ledger, 'ExitCancelled').withArgs(PROJECT)
    expect((await ledger.exitOf(PROJECT)).toArray()).to.deep.equal([ZERO, 0n, 0n])
    await mint(alice, 1)
    await expect(ledger.connect(operator).cancelExit(PROJECT))
      .to.be.revertedWithCustomError(ledger, 'InvalidStateChange')
      .withArgs(PROJECT, STATE.active, STATE.active)
  })

  it('begins when the notice is over', async () => {
    const { ledger, operator, dao } = await networkHelpers.loadFixture(withHolders)
    const until = (await now()) + NOTICE + 10
    await ledger.connect(operator).announceExit(PROJECT, dao, until)
    await networkHelpers.time.setNextBlockTimestamp(until - 1)
    await expect(ledger.connect(operator).beginExit(PROJECT))
      .to.be.revertedWithCustomError(ledger, 'NoticeRunning')
      .withArgs(PROJECT, until)
    await networkHelpers.time.setNextBlockTimestamp(until)
    await expect(ledger.connect(operator).beginExit(PROJECT)).to.emit(ledger, 'ExitBegun').withArgs(PROJECT, dao, 1)
    await expect(ledger.connect(operator).cancelExit(PROJECT))
      .to.be.revertedWithCustomError(ledger, 'InvalidStateChange')
      .withArgs(PROJECT, STATE.exiting, STATE.active)
  })

  it('begins when every unit has earned what was promised', async () => {
    const { ledger, operator, createProject, alice, dao, mint, distribute } = await networkHelpers.loadFixture(deployed)
    await createProject(TARGETED, { exitTargetPerUnit: 30 })
    await mint(alice, 7, { projectId: TARGETED })
    await ledger.connect(operator).announceExit(TARGETED, dao, (await now()) + NOTICE + 1000)
    await networkHelpers.time.increase(NOTICE + 1010)
    await distribute(209, TARGETED)
    await expect(ledger.connect(operator).beginExit(TARGETED))
      .to.be.revertedWithCustomError(ledger, 'ExitTargetNotMet')
      .withArgs(TARGETED, 29, 30)
    await distribute(1, TARGETED) // 209/7 and 1/7 are rounded down, each, and still make 30
    await ledger.connect(operator).beginExit(TARGETED)
  })

  it('does not begin on what a few early units earned: the newest count from their own mint on', async () => {
    const { ledger, operator, createProject, alice, bob, dao, mint, distribute } = await networkHelpers.loadFixture(deployed)
    await createProject(TARGETED, { exitTargetPerUnit: 30 })
    await mint(alice, 1, { projectId: TARGETED })
    await distribute(30, TARGETED)
    await mint(bob, 999, { projectId: TARGETED })
    await ledger.connect(operator).announceExit(TARGETED, dao, (await now()) + NOTICE + 1000)
    await networkHelpers.time.increase(NOTICE + 1010)
    const begin = () => ledger.connect(operator).beginExit(TARGETED)
    await expect(begin()).to.be.revertedWithCustomError(ledger, 'ExitTargetNotMet').withArgs(TARGETED, 0, 30)
    expect(await ledger.earnedPerUnitOf(TARGETED)).to.equal(0)
    await distribute(29_999, TARGETED)
    expect(await ledger.earnedPerUnitOf(TARGETED)).to.equal(29)
    await expect(begin()).to.be.revertedWithCustomError(ledger, 'ExitTargetNotMet').withArgs(TARGETED, 29, 30)
    await distribute(1, TARGETED)
    expect(await ledger.earnedPerUnitOf(TARGETED)).to.equal(30)
    await expect(begin()).to.emit(ledger, 'ExitBegun')
    expect(await ledger.earnedPerUnitOf(99)).to.equal(0)
  })

  it('asks again, before there is no way back, whether the DAO can receive', async () => {
    const { ledger, operator } = await networkHelpers.loadFixture(withHolders)
    const dao = await ethers.deployContract('CallingReceiver')
    await ledger.connect(operator).announceExit(PROJECT, dao, (await now()) + NOTICE + 1000)
    await networkHelpers.setCode(await dao.getAddress(), '0x00')
    await networkHelpers.time.increase(NOTICE + 1010)
    await expect(ledger.connect(operator).beginExit(PROJECT)).to.be.revertedWithCustomError(ledger, 'DaoCannotReceive').withArgs(dao)
  })

  it('moves 250 holders in batches of anyone’s making, through interruption, repetition and disorder', async () => {
    const {
      ledger,
      seller,
      operator,
      stranger,
      registry,
      dao,
      beginExit,
      alice,
      holders: count,
    } = await networkHelpers.loadFixture(deployed)
    const holders = Array.from({ length: 250 }, (_, index) => ethers.getAddress(ethers.dataSlice(ethers.id(`holder ${index}`), 12)))
    for (const holder of holders)
      await ledger.connect(registry).setAccount(holder, { flags: 3, expiry: 2 ** 40 - 1, country: 1, class: 0, investorId: 1 })
    for (let from = 0; from < 250; from += 125) {
      await ledger.connect(seller).mintSettled(
        PROJECT,
        holders
          .slice(from, from + 125)
          .map((investor, index) => ({ investmentId: ethers.id(investor), investor, units: from + index + 1, unlockDay: 65_000 })),
      )
    }
    const supply = (250n * 251n) / 2n
    expect(await ledger.totalSupply(PROJECT)).to.equal(supply)
    await expect(ledger.exitBatch(PROJECT, holders)).to.be.revertedWithCustomError(ledger, 'WrongState').withArgs(PROJECT, STATE.active)
    await beginExit()
    await expect(ledger.connect(stranger).exitBatch(PROJECT, holders.slice(0, 40)))
      .to.emit(ledger, 'ExitBatch')
      .withArgs(PROJECT, 40, 820, supply - 820n)
    await expect(ledger.finalizeExit(PROJECT))
      .to.be.revertedWithCustomError(ledger, 'ExitIncomplete')
      .withArgs(PROJECT, supply - 820n)
    await expect(ledger.connect(operator).exitBatch(PROJECT, holders, { gasLimit: 900_000 }), 'killed half-way').to.revert(ethers)
    const again = await (await ledger.exitBatch(PROJECT, holders.slice(0, 40))).wait()
    expect(again.logs, 'a repeated batch leaves no trace').to.have.length(0)
    const daoAddress = await dao.getAddress()
    await ledger.exitBatch(PROJECT, [daoAddress, ...holders.slice(20, 60), ...holders.slice(50, 55), alice.address, daoAddress])
    expect(await count()).to.equal(191)
    for (let from = 250; from > 0; from -= 50) await ledger.exitBatch(PROJECT, holders.slice(from - 50, from))
    expect(await ledger.exitBatch.staticCall(PROJECT, [])).to.equal(0)
    await expect(ledger.connect(stranger).finalizeExit(PROJECT)).to.emit(ledger, 'ProjectExited').withArgs(PROJECT, dao, supply)
    expect(await ledger.balanceOf(dao, PROJECT)).to.equal(supply)
    expect(await count()).to.equal(1)
    expect(
      await ledger.balanceOfBatch(
        holders,
        holders.map(() => PROJECT),
      ),
    ).to.deep.equal(holders.map(() => 0n))
    await expect(ledger.exitBatch(PROJECT, holders)).to.be.revertedWithCustomError(ledger, 'WrongState').withArgs(PROJECT, STATE.exited)
  })

  it('tells every move as a transfer to the DAO and calls its hook for each', async () => {
    const { ledger, alice, bob, stranger, beginExit } = await networkHelpers.loadFixture(withHolders)
    const dao: AnyContract = await ethers.deployContract('CallingReceiver')
    await beginExit(dao)
    const before = await dao.received()
    const batch = ledger.connect(stranger).exitBatch(PROJECT, [alice, bob, alice])
    await expect(batch).to.emit(ledger, 'TransferSingle').withArgs(stranger, alice, dao, PROJECT, 60)
    await expect(batch).to.emit(ledger, 'TransferSingle').withArgs(stranger, bob, dao, PROJECT, 40)
    expect((await dao.received()) - before).to.equal(2)
  })

  it('can’t be disturbed by a DAO that calls back', async () => {
    const { ledger, alice, bob, beginExit } = await networkHelpers.loadFixture(withHolders)
    const dao: AnyContract = await ethers.deployContract('CallingReceiver')
    await beginExit(dao)
    await dao.arm(ledger, ledger.interface.encodeFunctionData('exitBatch', [PROJECT, [bob.address]]))
    await ledger.exitBatch(PROJECT, [alice, bob])
    expect(await dao.answer()).to.equal(ledger.interface.encodeErrorResult('ReentrancyGuardReentrantCall'))
    expect(await ledger.balanceOf(dao, PROJECT)).to.equal(100)
  })

  it('stops while the ledger is paused', async () => {
    const { ledger, operator, admin, alice, beginExit } = await networkHelpers.loadFixture(withHolders)
    await beginExit()
    await ledger.connect(operator).pause()
    await expect(ledger.exitBatch(PROJECT, [alice])).to.be.revertedWithCustomError(ledger, 'EnforcedPause')
    await ledger.connect(admin).unpause()
    await ledger.exitBatch(PROJECT, [alice])
  })

  it('keeps what former holders held in the history', async () => {
    const { ledger, alice, dao, distribute, beginExit, bob } = await networkHelpers.loadFixture(withHolders)
    await distribute(1000)
    await beginExit()
    await ledger.exitBatch(PROJECT, [bob, alice])
    await ledger.finalizeExit(PROJECT)
    await distribute(1000)
    const history = (holder: unknown) => Promise.all([1, 2, 3].map((epoch) => ledger.balanceAt(holder, PROJECT, epoch)))
    expect(await history(alice), 'the second epoch is the exit’s own').to.deep.equal([60n, 60n, 0n])
    expect(await history(dao)).to.deep.equal([0n, 0n, 100n])
    const { balance, exited } = await ledger.holdingOf(PROJECT, alice)
    expect([balance, exited]).to.deep.equal([0n, true])
    expect(await ledger.movableOf(alice, PROJECT)).to.equal(0)
  })

  it('of a DAO that held before counts it once', async () => {
    const { ledger, alice, bob, dao, setAccount, mint, beginExit, distribute, holders } = await networkHelpers.loadFixture(withHolders)
    await setAccount(dao)
    await mint(dao, 100)
    await distribute(2000)
    await beginExit()
    expect(await ledger.exitBatch.staticCall(PROJECT, [alice, dao, bob])).to.equal(0)
    await ledger.exitBatch(PROJECT, [alice, dao, bob])
    await ledger.finalizeExit(PROJECT)
    expect(await holders()).to.equal(1)
    expect(await ledger.claimableOf(PROJECT, dao)).to.equal(1000)
    expect(await ledger.claimableOf(PROJECT, alice)).to.equal(600)
  })

  it('unfreezes what it moves, and moves what is locked, saying so', async () => {
    const { ledger, operator, alice, bob, dao, mint, beginExit } = await networkHelpers.loadFixture(withHolders)
    await mint(alice, 10, { unlockDay: 65_000 })
    await ledger.connect(operator).setFrozenTokens(alice, PROJECT, 2n ** 200n)
    await beginExit()
    const batch = ledger.exitBatch(PROJECT, [alice, bob])
    await expect(batch).to.emit(ledger, 'Frozen').withArgs(alice, PROJECT, 0)
    const { logs } = await (await batch).wait()
    const names = logs.map((log: AnyContract) => ledger.interface.parseLog(log).name)
    expect(names).to.deep.equal(['Frozen', 'ExitBatch', 'TransferSingle', 'TransferSingle'])
    expect(await ledger.getFrozenTokens(alice, PROJECT)).to.equal(0)
    expect(await ledger.balanceOf(dao, PROJECT)).to.equal(110)
  })

  it('can be announced of active projects only and begun once', async () => {
    const { ledger, operator, dao, beginExit } = await networkHelpers.loadFixture(withHolders)
    const announce = async () => ledger.connect(operator).announceExit(PROJECT, dao, (await now()) + NOTICE + 1000)
    const wrong = async (call: Promise<unknown>, from: number, to: number) =>
      expect(call).to.be.revertedWithCustomError(ledger, 'InvalidStateChange').withArgs(PROJECT, from, to)
    await wrong(ledger.connect(operator).beginExit(PROJECT), STATE.active, STATE.exiting)
    await wrong(ledger.finalizeExit(PROJECT), STATE.active, STATE.exited)
    await ledger.connect(operator).setProjectState(PROJECT, STATE.paused, ZERO_HASH)
    await wrong(announce(), STATE.paused, STATE.exitAnnounced)
    await ledger.connect(operator).setProjectState(PROJECT, STATE.active, ZERO_HASH)
    await announce()
    await wrong(announce(), STATE.exitAnnounced, STATE.exitAnnounced)
    await ledger.connect(operator).cancelExit(PROJECT)
    await beginExit()
    expect((await ledger.exitOf(PROJECT)).epoch).to.equal(1)
    await wrong(ledger.connect(operator).beginExit(PROJECT), STATE.exiting, STATE.exiting)
  })

  it('of a project without units is over at once', async () => {
    const { ledger, beginExit, dao } = await networkHelpers.loadFixture(deployed)
    await beginExit()
    expect(await ledger.exitBatch.staticCall(PROJECT, [dao])).to.equal(0)
    await expect(ledger.finalizeExit(PROJECT)).to.emit(ledger, 'ProjectExited').withArgs(PROJECT, dao, 0)
  })

  it('passes what is returned afterwards to the DAO alone', async () => {
    const { ledger, alice, bob, dao, beginExit, distribute } = await networkHelpers.loadFixture(withHolders)
    await distribute(1000)
    await beginExit()
    await ledger.exitBatch(PROJECT, [alice, bob])
    await ledger.finalizeExit(PROJECT)
    await distribute(500)
    const claims = await Promise.all([alice, bob, dao].map((holder) => ledger.claimableOf(PROJECT, holder)))
    expect(claims).to.deep.equal([600n, 400n, 500n])
  })
})
