import { expect } from 'chai'
import { deployed, NOTICE, networkHelpers, STATE, ZERO_HASH } from './fixture.ts'

const TARGETED = 9
const now = () => networkHelpers.time.latest()

describe('The buy-out', () => {
  async function bought(price: number) {
    const world = await networkHelpers.loadFixture(deployed)
    const { ledger, operator, alice, dao, createProject, mint } = world
    await createProject(TARGETED, { exitTargetPerUnit: 1000, buyOutPerUnit: price })
    await mint(alice, 7, { projectId: TARGETED })
    const until = (await now()) + NOTICE + 10
    await ledger.connect(operator).announceExit(TARGETED, dao, until)
    const begin = () => ledger.connect(world.cashier).beginExitByBuyOut(TARGETED)
    return { ...world, until, begin }
  }

  it('begins an exit below the target when the epoch just opened pays the price to the last base unit', async () => {
    const { ledger, operator, dao, until, begin, openEpoch } = await bought(30)
    await networkHelpers.time.increaseTo(until)
    await openEpoch(209, TARGETED)
    await expect(begin()).to.be.revertedWithCustomError(ledger, 'ExitTargetNotMet').withArgs(TARGETED, 29, 30)
    await openEpoch(1, TARGETED)
    await expect(begin(), 'only the newest epoch counts')
      .to.be.revertedWithCustomError(ledger, 'ExitTargetNotMet')
      .withArgs(TARGETED, 0, 30)
    await openEpoch(210, TARGETED)
    await expect(ledger.connect(operator).beginExit(TARGETED))
      .to.be.revertedWithCustomError(ledger, 'ExitTargetNotMet')
      .withArgs(TARGETED, 60, 1000)
    const beginning = begin()
    await expect(beginning).to.emit(ledger, 'ExitBegun').withArgs(TARGETED, dao, 4)
    await expect(beginning).to.emit(ledger, 'ProjectStateChanged').withArgs(TARGETED, STATE.exiting, ZERO_HASH)
  })

  it('needs the notice over, too', async () => {
    const { ledger, until, begin, openEpoch } = await bought(30)
    await openEpoch(210, TARGETED)
    await networkHelpers.time.setNextBlockTimestamp(until - 1)
    await expect(begin()).to.be.revertedWithCustomError(ledger, 'NoticeRunning').withArgs(TARGETED, until)
  })

  it('is impossible where no price was fixed', async () => {
    const { ledger, until, begin, openEpoch } = await bought(0)
    await networkHelpers.time.increaseTo(until)
    await openEpoch(7_000_000, TARGETED)
    await expect(begin())
      .to.be.revertedWithCustomError(ledger, 'ExitTargetNotMet')
      .withArgs(TARGETED, 1_000_000, 2n ** 256n - 1n)
  })
})
