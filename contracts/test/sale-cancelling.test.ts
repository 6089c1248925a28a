import { expect } from 'chai'
import {
  CANCEL_BEFORE_CLOSE,
  COMMITMENT_STATE,
  COOLING_OFF,
  DAY,
  ethers,
  FLAG,
  failed,
  networkHelpers,
  onSale,
  PRICE,
  PROJECT,
  SALE_STATE,
  type Signer,
  salt,
  succeeded,
  ZERO,
} from './sale-scene.ts'

const { loadFixture, time } = networkHelpers

describe('Cancelling', () => {
  it('pays everything back at once and can’t be done twice', async () => {
    const { sale, currency, alice, bob, commit } = await loadFixture(onSale)
    const id = await commit(alice, 30)
    await commit(bob, 5)
    const cancelling = sale.connect(alice).cancel(id)
    await expect(cancelling)
      .to.emit(sale, 'CommitmentCancelled')
      .withArgs(id, PROJECT, alice, 30, 30 * PRICE, alice, 5)
    await expect(cancelling).to.changeTokenBalances(ethers, currency, [alice, sale], [30 * PRICE, -30 * PRICE])
    expect((await sale.commitmentOf(id)).state).to.equal(COMMITMENT_STATE.cancelled)
    const { openUnits, escrow, investors } = await sale.saleOf(PROJECT)
    expect([openUnits, escrow, investors]).to.deep.equal([5n, BigInt(5 * PRICE), 1n])
    expect(await sale.committedUnitsOf(PROJECT, alice)).to.equal(0)
    await expect(sale.connect(alice).cancel(id))
      .to.be.revertedWithCustomError(sale, 'CommitmentNotOpen')
      .withArgs(id, COMMITMENT_STATE.cancelled)
  })

  it('is the buyer’s alone', async () => {
    const { sale, alice, bob, admin, attestor, commit } = await loadFixture(onSale)
    const id = await commit(alice, 30)
    for (const caller of [bob, admin, attestor])
      await expect(sale.connect(caller).cancel(id)).to.be.revertedWithCustomError(sale, 'NotTheBuyer').withArgs(id, alice)
    await expect(sale.connect(alice).cancel(ethers.id('none')))
      .to.be.revertedWithCustomError(sale, 'UnknownCommitment')
      .withArgs(ethers.id('none'))
  })

  it('is possible until 48 hours before the close', async () => {
    const { sale, terms, alice, commit } = await loadFixture(onSale)
    const [inTime, late] = [await commit(alice, 1), await commit(alice, 1)]
    const end = terms.closesAt - CANCEL_BEFORE_CLOSE
    await time.setNextBlockTimestamp(end - 1)
    await sale.connect(alice).cancel(inTime)
    await time.setNextBlockTimestamp(end)
    await expect(sale.connect(alice).cancel(late)).to.be.revertedWithCustomError(sale, 'CancellationOver').withArgs(late, end)
  })

  it('is possible for the whole cooling-off, even after the close', async () => {
    const { sale, terms, alice, commit } = await loadFixture(onSale)
    await time.increaseTo(terms.closesAt - DAY)
    const [inTime, late] = [await commit(alice, 1), await commit(alice, 1)]
    const committedAt = await time.latest()
    await time.setNextBlockTimestamp(committedAt - 1 + COOLING_OFF - 1)
    await sale.connect(alice).cancel(inTime)
    await time.setNextBlockTimestamp(committedAt + COOLING_OFF)
    await expect(sale.connect(alice).cancel(late))
      .to.be.revertedWithCustomError(sale, 'CancellationOver')
      .withArgs(late, committedAt + COOLING_OFF)
  })

  it('is over once the sale is decided', async () => {
    for (const [scene, state] of [
      [succeeded, SALE_STATE.succeeded],
      [failed, SALE_STATE.failed],
    ] as const) {
      const { sale, alice, ids } = await loadFixture(scene)
      await expect(sale.connect(alice).cancel(ids[0])).to.be.revertedWithCustomError(sale, 'WrongSaleState').withArgs(PROJECT, state)
    }
  })

  it('works for a buyer who may no longer hold units, and while the ledger is paused', async () => {
    const { sale, ledger, currency, alice, commit, setAccount } = await loadFixture(onSale)
    const id = await commit(alice, 30)
    await setAccount(alice, { flags: FLAG.frozen, expiry: 0 })
    await ledger.pause()
    await expect(sale.connect(alice).cancel(id)).to.changeTokenBalances(ethers, currency, [alice], [30 * PRICE])
  })

  it('pays where the buyer said, which only the buyer can say', async () => {
    const { sale, currency, alice, bob, stranger, commit } = await loadFixture(onSale)
    const [first, second] = [await commit(alice, 3), await commit(alice, 4)]
    await expect(sale.connect(alice).setRefundAddress(stranger)).to.emit(sale, 'RefundAddressSet').withArgs(alice, stranger)
    await sale.connect(bob).setRefundAddress(bob)
    expect(await sale.refundAddressOf(alice)).to.equal(stranger.address)
    const cancelling = sale.connect(alice).cancel(first)
    await expect(cancelling)
      .to.emit(sale, 'CommitmentCancelled')
      .withArgs(first, PROJECT, alice, 3, 3 * PRICE, stranger, 4)
    await expect(cancelling).to.changeTokenBalances(ethers, currency, [alice, stranger], [0, 3 * PRICE])
    await sale.connect(alice).setRefundAddress(ZERO)
    await expect(sale.connect(alice).cancel(second)).to.changeTokenBalances(ethers, currency, [alice], [4 * PRICE])
    await expect(sale.connect(alice).setRefundAddress(sale)).to.be.revertedWithCustomError(sale, 'InvalidRefundAddress').withArgs(sale)
  })
})

describe('A buyer without gas', () => {
  it('commits, names a refund address and cancels through the forwarder', async () => {
    const { sale, forwarder, currency, alice, bob, stranger } = await loadFixture(onSale)
    const relay = async (data: string, signer: Signer = alice) => {
      const request = {
        from: alice.address,
        to: await sale.getAddress(),
        value: 0,
        gas: 1_000_000,
        nonce: await forwarder.nonces(alice),
        deadline: (await time.latest()) + DAY,
        data,
      }
      const { name, version, chainId, verifyingContract } = await forwarder.eip712Domain()
      const types = {
        ForwardRequest: [
          { name: 'from', type: 'address' },
          { name: 'to', type: 'address' },
          { name: 'value', type: 'uint256' },
          { name: 'gas', type: 'uint256' },
          { name: 'nonce', type: 'uint256' },
          { name: 'deadline', type: 'uint48' },
          { name: 'data', type: 'bytes' },
        ],
      }
      const signature = await signer.signTypedData({ name, version, chainId, verifyingContract }, types, request)
      return forwarder.connect(stranger).execute({ ...request, signature })
    }
    const id = await sale.investmentIdOf(PROJECT, alice, salt('a'))
    await relay(sale.interface.encodeFunctionData('commit', [PROJECT, 2, salt('a')]))
    expect((await sale.commitmentOf(id)).buyer).to.equal(alice.address)
    await relay(sale.interface.encodeFunctionData('setRefundAddress', [bob.address]))
    const cancel = sale.interface.encodeFunctionData('cancel', [id])
    await expect(relay(cancel, bob)).to.be.revertedWithCustomError(forwarder, 'ERC2771ForwarderInvalidSigner')
    await expect(relay(cancel)).to.changeTokenBalances(ethers, currency, [bob], [2 * PRICE])
  })
})
