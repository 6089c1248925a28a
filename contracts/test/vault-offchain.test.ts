import { expect } from 'chai'
import { ethers, networkHelpers, PROJECT, ROLE, ZERO_HASH } from './fixture.ts'
import { withHolders } from './vault-scene.ts'

const REPORT = ethers.id('bank statement')
const ID = ethers.id('attestation')
const MAX_TOTAL = 2n ** 128n - 1n

/** Leaf of a payment, as OpenZeppelin's merkle-tree library hashes ['address', 'uint256']. */
function leafOf(holder: string, amount: number): string {
  return ethers.keccak256(ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(['address', 'uint256'], [holder, amount])))
}

function parentOf(one: string, other: string): string {
  return ethers.keccak256(ethers.concat(one < other ? [one, other] : [other, one]))
}

async function withRecordDate() {
  const world = await withHolders()
  const { vault, treasurer, alice, bob, carol } = world
  await vault.connect(treasurer).openRecordDate(PROJECT)
  const [first, second, third] = [leafOf(alice.address, 600), leafOf(bob.address, 390), leafOf(carol.address, 10)] as const
  const root = parentOf(parentOf(first, second), third)
  const proofs = { alice: [second, third], bob: [first, third], carol: [parentOf(first, second)] }
  const attest = (changes: Record<string, unknown> = {}, by = treasurer) => {
    const made = { id: ID, projectId: PROJECT, epoch: 1, root, total: 1000n, currency: 'EUR', uri: 'ipfs://statement', ...changes }
    const { id, projectId, epoch, total, currency, uri } = made
    return vault.connect(by).attestOffchain(id, projectId, epoch, made.root, total, currency, REPORT, uri)
  }
  return { ...world, root, proofs, attest, inner: parentOf(first, second) }
}

describe('The vault, on payouts outside the chain', () => {
  it('fixes who has how many units, at the treasurer’s word only', async () => {
    const { vault, ledger, alice, treasurer, stranger, admin } = await networkHelpers.loadFixture(withHolders)
    expect(await vault.connect(treasurer).openRecordDate.staticCall(PROJECT)).to.equal(1)
    await expect(vault.connect(treasurer).openRecordDate(PROJECT)).to.emit(ledger, 'EpochOpened').withArgs(PROJECT, 1, 100, 0, 0)
    expect(await ledger.balanceAt(alice, PROJECT, 1)).to.equal(60)
    expect(await ledger.claimableOf(PROJECT, alice)).to.equal(0)
    for (const caller of [stranger, admin, alice])
      await expect(vault.connect(caller).openRecordDate(PROJECT))
        .to.be.revertedWithCustomError(ledger, 'MissingRole')
        .withArgs(caller, ROLE.treasurer)
  })

  it('records a payout and moves no money', async () => {
    const { vault, token, treasurer, root, attest } = await networkHelpers.loadFixture(withRecordDate)
    const attested = attest()
    await expect(attested)
      .to.emit(vault, 'OffchainDistributionAttested')
      .withArgs(ID, PROJECT, 1, root, 1000, 'EUR', REPORT, 'ipfs://statement')
    await expect(attested).to.changeTokenBalances(ethers, token, [treasurer, vault], [0, 0])
    expect(await vault.offchainDistributionOf(ID)).to.deep.equal([BigInt(PROJECT), 1n, root, 1000n, 'EUR'])
    expect(await vault.offchainDistributionOf(ethers.id('another'))).to.deep.equal([0n, 0n, ZERO_HASH, 0n, ''])
  })

  it('proves who was paid how much, and nothing else', async () => {
    const { vault, alice, bob, carol, proofs, attest, inner } = await networkHelpers.loadFixture(withRecordDate)
    expect(await vault.isPaidOffchain(ID, alice, 600, proofs.alice), 'not before it is attested').to.equal(false)
    await attest()
    expect(await vault.isPaidOffchain(ID, alice, 600, proofs.alice)).to.equal(true)
    expect(await vault.isPaidOffchain(ID, bob, 390, proofs.bob)).to.equal(true)
    expect(await vault.isPaidOffchain(ID, carol, 10, proofs.carol)).to.equal(true)
    expect(await vault.isPaidOffchain(ID, alice, 601, proofs.alice)).to.equal(false)
    expect(await vault.isPaidOffchain(ID, bob, 600, proofs.alice)).to.equal(false)
    expect(await vault.isPaidOffchain(ID, alice, 600, proofs.bob)).to.equal(false)
    expect(await vault.isPaidOffchain(ID, alice, 600, [])).to.equal(false)
    expect(await vault.isPaidOffchain(ethers.id('another'), alice, 600, proofs.alice)).to.equal(false)
    const asPayment = [ethers.dataSlice(inner, 12), BigInt(inner)] as const
    expect(await vault.isPaidOffchain(ID, ...asPayment, [proofs.alice[1]!]), 'an inner node is no payment').to.equal(false)
  })

  it('takes an attestation once, and never changes it', async () => {
    const { vault, root, attest } = await networkHelpers.loadFixture(withRecordDate)
    await attest()
    for (const changes of [{}, { root: ethers.id('better') }, { total: 1n }])
      await expect(attest(changes)).to.be.revertedWithCustomError(vault, 'AttestationAlreadyMade').withArgs(ID)
    await attest({ id: ethers.id('another') })
    expect((await vault.offchainDistributionOf(ID)).root).to.equal(root)
  })

  it('refuses whoever is not the treasurer', async () => {
    const { ledger, admin, alice, stranger, attest } = await networkHelpers.loadFixture(withRecordDate)
    for (const caller of [admin, alice, stranger])
      await expect(attest({}, caller)).to.be.revertedWithCustomError(ledger, 'MissingRole').withArgs(caller, ROLE.treasurer)
  })

  it('refuses what is empty or too large', async () => {
    const { vault, attest } = await networkHelpers.loadFixture(withRecordDate)
    await expect(attest({ id: ZERO_HASH }))
      .to.be.revertedWithCustomError(vault, 'InvalidAttestation')
      .withArgs(ZERO_HASH)
    for (const changes of [{ root: ZERO_HASH }, { total: 0n }, { total: MAX_TOTAL + 1n }])
      await expect(attest(changes)).to.be.revertedWithCustomError(vault, 'InvalidAttestation').withArgs(ID)
    await attest({ total: MAX_TOTAL })
    expect((await vault.offchainDistributionOf(ID)).total).to.equal(MAX_TOTAL)
  })

  it('refuses epochs that were never opened', async () => {
    const { vault, treasurer, attest } = await networkHelpers.loadFixture(withRecordDate)
    for (const [projectId, epoch] of [
      [PROJECT, 0],
      [PROJECT, 2],
      [99, 1],
    ])
      await expect(attest({ projectId, epoch })).to.be.revertedWithCustomError(vault, 'EpochNotOpened').withArgs(projectId, epoch)
    await vault.connect(treasurer).openRecordDate(PROJECT)
    await attest({ epoch: 2 })
  })

  it('refuses what is no currency code', async () => {
    const { vault, attest } = await networkHelpers.loadFixture(withRecordDate)
    for (const currency of ['', 'EU', 'EURO', 'eur', 'E1R', 'EU@', 'EU[', '@UR', '[UR', '€'])
      await expect(attest({ currency })).to.be.revertedWithCustomError(vault, 'InvalidCurrency').withArgs(currency)
    for (const currency of ['AAA', 'ZZZ', 'USD']) {
      await attest({ id: ethers.id(currency), currency })
      expect((await vault.offchainDistributionOf(ethers.id(currency))).currency).to.equal(currency)
    }
  })
})
