import { expect } from 'chai'
import {
  COMMITMENT_STATE,
  DAY,
  deployed,
  ethers,
  FIAT_COMMITMENT,
  FIAT_WITHDRAWAL,
  FOREVER,
  failed,
  METHOD,
  networkHelpers,
  onSale,
  PRICE,
  PROJECT,
  ROLE,
  SALE_STATE,
  succeeded,
  ZERO,
  ZERO_HASH,
} from './sale-scene.ts'

const { loadFixture, time } = networkHelpers
const ID = ethers.id('stripe pi_1')

/** The same signature with the other s: it recovers to the same key where a contract forgets to look. */
function malleated(signature: string): string {
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
  const { r, s, v } = ethers.Signature.from(signature)
  return ethers.concat([r, ethers.toBeHex(order - BigInt(s), 32), v === 27 ? '0x1c' : '0x1b'])
}

async function attested() {
  const world = await onSale()
  const value = { projectId: PROJECT, investmentId: ID, buyer: world.alice.address, units: 50, deadline: (await time.latest()) + DAY }
  const signature = await world.attestCommitment(value)
  const send = (changes: Record<string, unknown> = {}, by: string = signature) => {
    const sent = { ...value, ...changes }
    return world.sale.connect(world.minter).commitFiat(sent.projectId, sent.investmentId, sent.buyer, sent.units, sent.deadline, by)
  }
  return { ...world, value, signature, send }
}

describe('A fiat commitment', () => {
  it('counts to the target on an attestor’s signature and brings no money', async () => {
    const { sale, currency, alice, send } = await loadFixture(attested)
    const sending = send()
    await expect(sending).to.emit(sale, 'Committed').withArgs(ID, PROJECT, alice, 50, 0, METHOD.fiat, 50)
    await expect(sending).to.changeTokenBalances(ethers, currency, [alice, sale], [0, 0])
    const { openUnits, openFiatUnits, escrow, investors } = await sale.saleOf(PROJECT)
    expect([openUnits, openFiatUnits, escrow, investors]).to.deep.equal([50n, 50n, 0n, 1n])
    const shown = await sale.commitmentOf(ID)
    expect([shown.method, shown.buyer, shown.amount]).to.deep.equal([BigInt(METHOD.fiat), alice.address, 0n])
  })

  it('has the hash that wallets and libraries compute', async () => {
    const { sale, value, domain } = await loadFixture(attested)
    expect(await sale.hashOfFiatCommitment(...Object.values(value))).to.equal(
      ethers.TypedDataEncoder.hash(await domain(), FIAT_COMMITMENT, value),
    )
    const withdrawal = { investmentId: ID, deadline: 5 }
    expect(await sale.hashOfFiatWithdrawal(ID, 5)).to.equal(ethers.TypedDataEncoder.hash(await domain(), FIAT_WITHDRAWAL, withdrawal))
    const { name, version, verifyingContract } = await sale.eip712Domain()
    expect([name, version, verifyingContract]).to.deep.equal(['TerraLuminaSale', '1', await sale.getAddress()])
  })

  it('is recorded once', async () => {
    const { sale, send, withdrawFiat, attestCommitment, value } = await loadFixture(attested)
    await send()
    await expect(send()).to.be.revertedWithCustomError(sale, 'InvestmentIdUsed').withArgs(ID)
    const other = { ...value, units: 51 }
    await expect(send(other, await attestCommitment(other)))
      .to.be.revertedWithCustomError(sale, 'InvestmentIdUsed')
      .withArgs(ID)
    await withdrawFiat(ID)
    await expect(send()).to.be.revertedWithCustomError(sale, 'InvestmentIdUsed').withArgs(ID)
  })

  it('must be exactly what was signed', async () => {
    const { sale, bob, send, createProject, open } = await loadFixture(attested)
    await createProject(8)
    await open({}, 8)
    for (const changes of [
      { projectId: 8 },
      { investmentId: ethers.id('x') },
      { buyer: bob.address },
      { units: 51 },
      { deadline: FOREVER },
    ])
      await expect(send(changes)).to.be.revertedWithCustomError(sale, 'InvalidAttestation')
  })

  it('takes no signature that is malleable, mangled, of another key, contract or chain', async () => {
    const { sale, ledger, alice, admin, minter, attestor, send, value, signature, attestCommitment } = await loadFixture(attested)
    const refused = [
      malleated(signature),
      '0x',
      signature.slice(0, -2),
      `${signature}00`,
      ethers.Signature.from(signature).compactSerialized,
      `${signature.slice(0, -2)}1d`,
      `0x${'00'.repeat(64)}1b`,
      await attestCommitment(value, attestor, { chainId: 137 }),
      await attestCommitment(value, attestor, { verifyingContract: await ledger.getAddress() }),
      await attestCommitment(value, attestor, { name: 'TerraLuminaOwnership' }),
      await attestCommitment(value, attestor, { version: '2' }),
    ]
    for (const signer of [alice, admin, minter]) refused.push(await attestCommitment(value, signer))
    for (const by of refused) await expect(send({}, by)).to.be.revertedWithCustomError(sale, 'InvalidAttestation')
    await ledger.setRole(attestor, ROLE.none)
    await expect(send()).to.be.revertedWithCustomError(sale, 'InvalidAttestation')
    await ledger.setRole(attestor, ROLE.paymentAttestor)
    await send()
  })

  it('says who signed instead, and nobody where it is no signature', async () => {
    const { sale, alice, send, value, attestCommitment } = await loadFixture(attested)
    for (const [by, signer] of [
      [await attestCommitment(value, alice), alice.address],
      ['0x', ZERO],
    ] as const)
      await expect(send({}, by)).to.be.revertedWithCustomError(sale, 'InvalidAttestation').withArgs(signer)
  })

  it('needs a minter to send it: a stolen attestor’s key alone makes no units', async () => {
    const { sale, ledger, attestor, stranger, alice, value, signature, send } = await loadFixture(attested)
    const args = [value.projectId, value.investmentId, value.buyer, value.units, value.deadline, signature] as const
    for (const sender of [attestor, stranger, alice])
      await expect(sale.connect(sender).commitFiat(...args))
        .to.be.revertedWithCustomError(sale, 'MissingRole')
        .withArgs(sender, ROLE.minter)
    await send()
    expect((await sale.saleOf(PROJECT)).openFiatUnits).to.equal(50)
    expect(await ledger.roleOf(attestor)).to.equal(ROLE.paymentAttestor)
  })

  it('can be sent up to its deadline', async () => {
    const { sale, send, value } = await loadFixture(attested)
    await time.setNextBlockTimestamp(value.deadline + 1)
    await expect(send()).to.be.revertedWithCustomError(sale, 'SignatureExpired').withArgs(value.deadline)
  })

  it('can be sent in the second of its deadline', async () => {
    const { sale, send, value } = await loadFixture(attested)
    await time.setNextBlockTimestamp(value.deadline)
    await expect(send()).to.emit(sale, 'Committed')
  })

  it('obeys the rules of every commitment', async () => {
    const { sale, stranger, value, send, attestCommitment, terms } = await loadFixture(attested)
    const signed = async (changes: Record<string, unknown>) => send(changes, await attestCommitment({ ...value, ...changes }))
    await expect(signed({ investmentId: ZERO_HASH }))
      .to.be.revertedWithCustomError(sale, 'InvalidInvestmentId')
      .withArgs()
    await expect(signed({ units: 0 }))
      .to.be.revertedWithCustomError(sale, 'ZeroUnits')
      .withArgs(ID)
    for (const buyer of [stranger.address, ZERO])
      await expect(signed({ buyer })).to.be.revertedWithCustomError(sale, 'BuyerNotEligible').withArgs(PROJECT, buyer)
    await expect(signed({ projectId: 99 }))
      .to.be.revertedWithCustomError(sale, 'WrongSaleState')
      .withArgs(99, SALE_STATE.none)
    await expect(signed({ units: 1001 }))
      .to.be.revertedWithCustomError(sale, 'HardCapExceeded')
      .withArgs(PROJECT, 1000, 1001)
    await time.increaseTo(terms.closesAt)
    await expect(signed({ deadline: FOREVER }))
      .to.be.revertedWithCustomError(sale, 'OutsideOpeningPeriod')
      .withArgs(PROJECT, terms.opensAt, terms.closesAt)
  })

  it('stays within the part of the sale that may be paid elsewhere', async () => {
    const { sale, alice, bob, open, commit, commitFiat, withdrawFiat } = await loadFixture(deployed)
    await open({ maxFiatUnits: 60 })
    await commit(alice, 500)
    const id = await commitFiat(alice, 60)
    await expect(commitFiat(bob, 1)).to.be.revertedWithCustomError(sale, 'FiatLimitExceeded').withArgs(PROJECT, 60, 61)
    await withdrawFiat(id)
    await commitFiat(bob, 60)
    expect((await sale.saleOf(PROJECT)).openFiatUnits).to.equal(60)
  })

  it('can’t be cancelled by the buyer', async () => {
    const { sale, alice, commitFiat } = await loadFixture(attested)
    const id = await commitFiat(alice, 5)
    await expect(sale.connect(alice).cancel(id)).to.be.revertedWithCustomError(sale, 'WrongMethod').withArgs(id, METHOD.fiat)
  })
})

describe('The withdrawal of a fiat commitment', () => {
  it('needs an attestor’s signature for that commitment, and moves no money', async () => {
    const { sale, currency, stranger, alice, bob, admin, commit, commitFiat, attestWithdrawal } = await loadFixture(onSale)
    const id = await commitFiat(alice, 50)
    const other = await commitFiat(bob, 7)
    await commit(bob, 1)
    const deadline = (await time.latest()) + DAY
    const signature = await attestWithdrawal({ investmentId: id, deadline })
    const byAdmin = await attestWithdrawal({ investmentId: id, deadline }, admin)
    for (const refused of [
      () => sale.withdrawFiat(other, deadline, signature),
      () => sale.withdrawFiat(id, deadline + 1, signature),
      () => sale.withdrawFiat(id, deadline, malleated(signature)),
      () => sale.withdrawFiat(id, deadline, byAdmin),
    ])
      await expect(refused()).to.be.revertedWithCustomError(sale, 'InvalidAttestation')
    const withdrawing = sale.connect(stranger).withdrawFiat(id, deadline, signature)
    await expect(withdrawing).to.emit(sale, 'CommitmentCancelled').withArgs(id, PROJECT, alice, 50, 0, ZERO, 8)
    await expect(withdrawing).to.changeTokenBalances(ethers, currency, [sale, alice], [0, 0])
    expect((await sale.commitmentOf(id)).state).to.equal(COMMITMENT_STATE.cancelled)
    const { openFiatUnits, escrow } = await sale.saleOf(PROJECT)
    expect([openFiatUnits, escrow]).to.deep.equal([7n, BigInt(PRICE)])
    await expect(sale.withdrawFiat(id, deadline, signature))
      .to.be.revertedWithCustomError(sale, 'CommitmentNotOpen')
      .withArgs(id, COMMITMENT_STATE.cancelled)
  })

  it('is refused after its deadline, for an unknown one and for one in escrow', async () => {
    const { sale, alice, commit, attestWithdrawal } = await loadFixture(onSale)
    const id = await commit(alice, 5)
    const deadline = (await time.latest()) + DAY
    const signature = await attestWithdrawal({ investmentId: id, deadline })
    await expect(sale.withdrawFiat(id, deadline, signature))
      .to.be.revertedWithCustomError(sale, 'WrongMethod')
      .withArgs(id, METHOD.escrow)
    const unknown = ethers.id('none')
    await expect(sale.withdrawFiat(unknown, deadline, await attestWithdrawal({ investmentId: unknown, deadline })))
      .to.be.revertedWithCustomError(sale, 'UnknownCommitment')
      .withArgs(unknown)
    await time.setNextBlockTimestamp(deadline + 1)
    await expect(sale.withdrawFiat(id, deadline, signature))
      .to.be.revertedWithCustomError(sale, 'SignatureExpired')
      .withArgs(deadline)
  })

  it('can turn a success that is not decided yet into a failure', async () => {
    const { sale, terms, alice, commitFiat, withdrawFiat } = await loadFixture(onSale)
    const id = await commitFiat(alice, 100)
    await time.increaseTo(terms.closesAt)
    await withdrawFiat(id)
    await sale.finalize(PROJECT)
    expect((await sale.saleOf(PROJECT)).state).to.equal(SALE_STATE.failed)
  })

  it('is possible after the outcome, until it is settled', async () => {
    for (const scene of [succeeded, failed]) {
      const { sale, ids, withdrawFiat } = await loadFixture(scene)
      await withdrawFiat(ids[2] as string)
      expect((await sale.commitmentOf(ids[2])).state).to.equal(COMMITMENT_STATE.cancelled)
    }
    const { sale, ids, withdrawFiat } = await loadFixture(succeeded)
    await sale.settle(PROJECT, ids)
    await expect(withdrawFiat(ids[2] as string))
      .to.be.revertedWithCustomError(sale, 'CommitmentNotOpen')
      .withArgs(ids[2], COMMITMENT_STATE.settled)
  })
})
