import { expect } from 'chai'
import {
  COOLING_OFF,
  DAY,
  LEDGER_STATE,
  MIN_OPEN,
  NOTICE,
  networkHelpers,
  onSale,
  PROJECT,
  SALE_STATE,
  succeeded,
  TARGET,
} from './sale-scene.ts'

const { loadFixture, time } = networkHelpers

describe('An early close', () => {
  it('needs the target, a week’s notice and three weeks of being open', async () => {
    const { sale, terms, alice, bob, commit } = await loadFixture(onSale)
    const cheap = terms.opensAt + MIN_OPEN
    await commit(alice, TARGET - 1)
    await expect(sale.announceEarlyClose(PROJECT, cheap))
      .to.be.revertedWithCustomError(sale, 'TargetNotReached')
      .withArgs(PROJECT, TARGET, TARGET - 1)
    await commit(bob, 1)
    for (const closesAt of [0, cheap - 1, terms.closesAt, terms.closesAt + 1])
      await expect(sale.announceEarlyClose(PROJECT, closesAt))
        .to.be.revertedWithCustomError(sale, 'InvalidClose')
        .withArgs(closesAt, cheap, terms.closesAt - 1)
    await time.increaseTo(terms.opensAt + 20 * DAY)
    const now = (await time.latest()) + 5
    await time.setNextBlockTimestamp(now)
    await expect(sale.announceEarlyClose(PROJECT, now + NOTICE - 1))
      .to.be.revertedWithCustomError(sale, 'InvalidClose')
      .withArgs(now + NOTICE - 1, now + NOTICE, terms.closesAt - 1)
    await time.setNextBlockTimestamp(now + 1)
    await expect(sale.announceEarlyClose(PROJECT, now + 1 + NOTICE))
      .to.emit(sale, 'EarlyCloseAnnounced')
      .withArgs(PROJECT, now + 1 + NOTICE)
    expect((await sale.saleOf(PROJECT)).closesAt).to.equal(now + 1 + NOTICE)
    expect((await sale.saleOf(PROJECT)).terms.closesAt).to.equal(terms.closesAt)
  })

  it('takes commitments until the new close and decides the sale there', async () => {
    const { sale, terms, alice, bob, commit, finalize } = await loadFixture(onSale)
    await commit(alice, TARGET)
    const closesAt = terms.opensAt + MIN_OPEN
    await sale.announceEarlyClose(PROJECT, closesAt)
    await time.setNextBlockTimestamp(closesAt)
    await expect(commit(bob, 1)).to.be.revertedWithCustomError(sale, 'OutsideOpeningPeriod').withArgs(PROJECT, terms.opensAt, closesAt)
    await finalize()
    expect((await sale.saleOf(PROJECT)).state).to.equal(SALE_STATE.succeeded)
  })

  it('brings the end of cancelling forward with it, never into a cooling-off', async () => {
    const { sale, terms, alice, bob, commit } = await loadFixture(onSale)
    const early = await commit(alice, TARGET)
    const closesAt = terms.opensAt + MIN_OPEN
    await sale.announceEarlyClose(PROJECT, closesAt)
    await time.increaseTo(closesAt - 3 * DAY)
    const late = await commit(bob, 5)
    const committedAt = await time.latest()
    expect((await sale.commitmentOf(early)).cancellableUntil).to.equal(closesAt - 2 * DAY)
    expect((await sale.commitmentOf(late)).cancellableUntil).to.equal(committedAt + COOLING_OFF)
    expect((await sale.saleOf(PROJECT)).finalizableAt).to.equal(committedAt + COOLING_OFF)
  })

  it('lapses when cancellations took the sale below its target, and the sale goes on', async () => {
    const { sale, ledger, terms, alice, bob, carol, commit, finalize } = await loadFixture(onSale)
    await commit(alice, TARGET - 1)
    const last = await commit(bob, 1)
    const closesAt = terms.opensAt + MIN_OPEN
    await sale.announceEarlyClose(PROJECT, closesAt)
    await sale.connect(bob).cancel(last)
    await time.increaseTo(closesAt)
    expect(await sale.finalize.staticCall(PROJECT)).to.equal(SALE_STATE.open)
    await expect(sale.finalize(PROJECT)).to.emit(sale, 'EarlyCloseLapsed').withArgs(PROJECT, terms.closesAt)
    expect((await sale.saleOf(PROJECT)).state).to.equal(SALE_STATE.open)
    expect((await ledger.projectOf(PROJECT)).state).to.equal(LEDGER_STATE.funding)
    await expect(sale.finalize(PROJECT)).to.be.revertedWithCustomError(sale, 'TooEarlyToFinalize').withArgs(PROJECT, terms.closesAt)
    await commit(carol, 1)
    await sale.announceEarlyClose(PROJECT, terms.closesAt - DAY)
    await finalize()
    expect((await sale.saleOf(PROJECT)).state).to.equal(SALE_STATE.succeeded)
  })

  it('that lapsed unnoticed until the last close ends in failure there', async () => {
    const { sale, terms, alice, commit } = await loadFixture(onSale)
    const id = await commit(alice, TARGET)
    await sale.announceEarlyClose(PROJECT, terms.opensAt + MIN_OPEN)
    await sale.connect(alice).cancel(id)
    await time.increaseTo(terms.closesAt)
    const finalizing = sale.finalize(PROJECT)
    await expect(finalizing).to.emit(sale, 'EarlyCloseLapsed').withArgs(PROJECT, terms.closesAt)
    await expect(finalizing).to.emit(sale, 'SaleFinalized').withArgs(PROJECT, false, 0, 0)
  })

  it('is impossible for a sale that is decided or was never opened', async () => {
    const { sale, terms } = await loadFixture(succeeded)
    await expect(sale.announceEarlyClose(PROJECT, terms.closesAt))
      .to.be.revertedWithCustomError(sale, 'WrongSaleState')
      .withArgs(PROJECT, SALE_STATE.succeeded)
    await expect(sale.announceEarlyClose(99, terms.closesAt))
      .to.be.revertedWithCustomError(sale, 'WrongSaleState')
      .withArgs(99, SALE_STATE.none)
  })
})
