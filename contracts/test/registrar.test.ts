import { expect } from 'chai'
import { type AnyContract, DAY, ethers, FLAG, networkHelpers, PROJECT, ROLE, ZERO } from './fixture.ts'
import { attestationOf, domainOf, FAR, FIELDS, register, registry, relink, sign, signMany, type World } from './registrar-scene.ts'

/** Asserts a refusal with its arguments. */
const refused = (world: World, call: Promise<unknown>, error: string, ...args: unknown[]) =>
  expect(call)
    .to.be.revertedWithCustomError(world.registrar, error)
    .withArgs(...args)

describe('The registrar', () => {
  it('writes the account record from an attestation, whoever sends it, and says who vouched', async () => {
    const world = await networkHelpers.loadFixture(registry)
    const { ledger, registrar, attestor, alice } = world
    const registration = register(world)
    await expect(registration)
      .to.emit(registrar, 'AttestationUsed')
      .withArgs(attestor, await registrar.hashOf(attestationOf(world)))
    await expect(registration).to.emit(registrar, 'AccountAttested').withArgs(42, alice, 1_000)
    await expect(registration).to.emit(ledger, 'AccountSet').withArgs(alice, 3, FAR, 276, 1, 42)
    expect((await ledger.accountOf(alice)).toArray()).to.deep.equal([3n, BigInt(FAR), 276n, 1n, 42n])
    expect([await registrar.isActive(42), await registrar.lastIssuedAt(42)]).to.deep.equal([true, 1_000n])
    expect(await registrar.ledger()).to.equal(await ledger.getAddress())
    await world.mint(alice, 5)
  })

  it('keeps investors apart that share storage', async () => {
    const world = await networkHelpers.loadFixture(registry)
    const ids = Array.from({ length: 14 }, (_, index) => index + 1)
    for (const investorId of ids.filter((id) => id % 2 === 1))
      await register(world, { investorId, account: addressOf(investorId), issuedAt: 1_000 + investorId })
    for (const investorId of ids) {
      const isRegistered = investorId % 2 === 1
      expect([await world.registrar.isActive(investorId), await world.registrar.lastIssuedAt(investorId)]).to.deep.equal([
        isRegistered,
        isRegistered ? BigInt(1_000 + investorId) : 0n,
      ])
    }
  })

  it('does nothing when the identical attestation comes again', async () => {
    const world = await networkHelpers.loadFixture(registry)
    const attestation = attestationOf(world)
    const signature = await sign(world, attestation)
    expect(await world.registrar.register.staticCall(attestation, signature)).to.equal(true)
    await register(world)
    expect((await (await register(world)).wait()).logs).to.have.length(0)
    expect(await world.registrar.register.staticCall(attestation, signature)).to.equal(false)
  })

  it('refuses an attestation that isn’t newer than the last', async () => {
    const world = await networkHelpers.loadFixture(registry)
    await register(world)
    for (const changes of [{ issuedAt: 999 }, { country: 1 }, { flags: 1 }, { class: 0 }, { expiry: FAR - 1 }]) {
      const { issuedAt } = { issuedAt: 1_000, ...changes }
      await refused(world, register(world, changes), 'AttestationOutdated', world.alice, issuedAt)
    }
    await register(world, { issuedAt: 1_001, country: 1 })
    expect((await world.ledger.accountOf(world.alice)).country).to.equal(1)
  })

  it('refuses what no identity attestor signed for it', async () => {
    const world = await networkHelpers.loadFixture(registry)
    const { registrar, attestor, admin, stranger, ledger } = world
    const invalid = (call: Promise<unknown>) => expect(call).to.be.revertedWithCustomError(registrar, 'InvalidAttestation')
    await invalid(register(world, {}, stranger))
    await invalid(register(world, {}, admin))
    const attestation = attestationOf(world)
    const signature = await sign(world, attestation)
    for (const forged of [{ account: stranger.address }, { flags: 7 }, { investorId: 43 }, { replaces: stranger.address }])
      await invalid(registrar.register({ ...attestation, ...forged }, signature))
    // Too short, an unknown v, and the other signature of the same key (the higher s).
    const { r, s, v } = ethers.Signature.from(signature)
    const high = ethers.concat([r, ethers.toBeHex(N - BigInt(s), 32), ethers.toBeHex(55 - v)])
    for (const broken of ['0x', '0x00', ethers.dataSlice(signature, 0, 64), `${signature.slice(0, -2)}02`, high])
      await invalid(registrar.register(attestation, broken))
    const chains = async (chainId: number) =>
      attestor.signTypedData({ ...(await domainOf(world)), chainId }, { Attestation: FIELDS }, attestation)
    // The same words for this chain are the signature that counts: only the chain makes the other one void.
    expect(await chains(31_337)).to.equal(signature)
    await invalid(registrar.register(attestation, await chains(137)))
    for (const role of [ROLE.none, ROLE.sale]) {
      await ledger.connect(admin).setRole(attestor, role)
      await invalid(registrar.register(attestation, signature))
    }
  })

  it('refuses what is expired, of tomorrow, malformed or addressed to nobody', async () => {
    const world = await networkHelpers.loadFixture(registry)
    const past = (await networkHelpers.time.latest()) - 1
    await refused(world, register(world, { deadline: past }), 'AttestationExpired', past)
    const ahead = (await networkHelpers.time.latest()) + DAY + 1_000
    await refused(world, register(world, { issuedAt: ahead }), 'AttestationNotIssuedYet', ahead)
    for (const changes of [{ flags: FLAG.retired }, { flags: 128 }, { investorId: 0 }, { expiry: 0 }])
      await refused(world, register(world, changes), 'MalformedAttestation', world.alice)
    await refused(world, register(world, { account: ZERO }), 'InvalidAccount', ZERO)
    await register(world, { issuedAt: ahead - 2_000 })
  })

  it('takes every flag that an attestor may give, and a clock that is a day ahead but not a second more', async () => {
    const world = await networkHelpers.loadFixture(registry)
    const at = (await networkHelpers.time.latest()) + 100
    const flags = FLAG.send | FLAG.receive | FLAG.lockExempt | FLAG.frozen
    const [ahead, further] = [DAY, DAY + 1].map((seconds) => attestationOf(world, { flags, issuedAt: at + seconds }))
    const signatures = [await sign(world, ahead!), await sign(world, further!)]
    await networkHelpers.time.setNextBlockTimestamp(at)
    await refused(world, world.registrar.register(further, signatures[1]), 'AttestationNotIssuedYet', at + DAY + 1)
    await world.registrar.register(ahead, signatures[0])
    expect(await networkHelpers.time.latest()).to.equal(at)
    expect((await world.ledger.accountOf(world.alice)).flags).to.equal(15)
  })

  it('is in time up to the second of the deadline', async () => {
    const world = await networkHelpers.loadFixture(registry)
    const deadline = (await networkHelpers.time.latest()) + 100
    const attestation = attestationOf(world, { deadline })
    const signature = await sign(world, attestation)
    await networkHelpers.time.setNextBlockTimestamp(deadline)
    await world.registrar.register(attestation, signature)
  })

  it('keeps one active wallet per investor and one investor per wallet', async () => {
    const world = await networkHelpers.loadFixture(registry)
    await register(world)
    await refused(world, register(world, { account: world.bob.address, issuedAt: 2_000 }), 'InvestorHasOtherWallet', 42, world.bob)
    await refused(world, register(world, { investorId: 43, issuedAt: 2_000 }), 'InvalidAccount', world.alice)
  })

  it('does not take an attestation of a relink for a registration', async () => {
    const world = await networkHelpers.loadFixture(registry)
    await refused(world, register(world, { replaces: world.bob.address }), 'WrongPurpose', world.bob)
  })

  it('takes no signature of a batch that is malleable, of another chain or too late, nor of a relink from another chain', async () => {
    const world = await networkHelpers.loadFixture(registry)
    const { registrar, relinker, attestor } = world
    const batch = [1, 2].map((investorId) => attestationOf(world, { investorId, account: addressOf(investorId) }))
    const signature = await signMany(world, batch)
    const types = { AttestationBatch: [{ name: 'attestations', type: 'Attestation[]' }], Attestation: FIELDS }
    const domain = { ...(await domainOf(world)), chainId: 137 }
    const { r, s, v } = ethers.Signature.from(signature)
    for (const forged of [
      ethers.concat([r, ethers.toBeHex(N - BigInt(s), 32), ethers.toBeHex(55 - v)]),
      await attestor.signTypedData(domain, types, { attestations: batch }),
    ])
      await expect(registrar.registerMany(batch, forged)).to.be.revertedWithCustomError(registrar, 'InvalidAttestation')
    const late = batch.map((one) => ({ ...one, deadline: 1_000 }))
    await refused(world, registrar.registerMany(late, await signMany(world, late)), 'AttestationExpired', 1_000)
    await registrar.registerMany(batch, signature)
    const change = attestationOf(world, { investorId: 1, account: world.bob.address, replaces: addressOf(1), issuedAt: 2_000 })
    const elsewhere = await attestor.signTypedData(domain, { Attestation: FIELDS }, change)
    await expect(registrar.connect(relinker).relink(change, elsewhere, [])).to.be.revertedWithCustomError(registrar, 'InvalidAttestation')
    await registrar.connect(relinker).relink(change, await sign(world, change), [])
  })

  it('takes a batch of any length: only gas bounds it', async () => {
    const world = await networkHelpers.loadFixture(registry)
    const batch = Array.from({ length: 260 }, (_, index) => attestationOf(world, { investorId: index + 1, account: addressOf(index + 1) }))
    const signature = await signMany(world, batch)
    expect(await world.registrar.registerMany.staticCall(batch, signature)).to.equal(260n)
  })

  it('registers many under one signature, all or none, and leaves those alone that are', async () => {
    const world = await networkHelpers.loadFixture(registry)
    const { registrar, ledger, attestor } = world
    const batch = [1, 2, 3].map((investorId) => attestationOf(world, { investorId, account: addressOf(investorId) }))
    await register(world, { investorId: 2, account: addressOf(2) })
    const signature = await signMany(world, batch)
    await expect(registrar.registerMany(batch.slice(0, 2), signature)).to.be.revertedWithCustomError(registrar, 'InvalidAttestation')
    await expect(registrar.registerMany(batch, await sign(world, batch[0]!))).to.be.revertedWithCustomError(registrar, 'InvalidAttestation')
    await expect(registrar.register(batch[0], signature)).to.be.revertedWithCustomError(registrar, 'InvalidAttestation')
    expect(await registrar.registerMany.staticCall(batch, signature)).to.equal(2n)
    const registration = registrar.registerMany(batch, signature)
    await expect(registration)
      .to.emit(registrar, 'AttestationUsed')
      .withArgs(attestor, await registrar.hashOfMany(batch))
    const { logs } = await (await registration).wait()
    expect(logs.filter((log: AnyContract) => log.address === ledger.target)).to.have.length(2)
    for (const { account, investorId } of batch) expect((await ledger.accountOf(account)).investorId).to.equal(investorId)
    expect((await (await registrar.registerMany(batch, signature)).wait()).logs).to.have.length(0)
    const one = [attestationOf(world, { investorId: 4, account: addressOf(4) }), ...batch]
    await expect(registrar.registerMany(one, await signMany(world, one))).to.emit(registrar, 'AttestationUsed')
    const bad = [...batch.slice(0, 1).map((each) => ({ ...each, issuedAt: 5_000 })), attestationOf(world, { account: ZERO })]
    await refused(world, registrar.registerMany(bad, await signMany(world, bad)), 'InvalidAccount', ZERO)
    expect(await registrar.lastIssuedAt(1)).to.equal(1_000n)
  })
})

describe('A revocation', () => {
  it('takes the rights away but neither units nor the address, and voids what was attested before', async () => {
    const world = await networkHelpers.loadFixture(registry)
    const { registrar, ledger, compliance, alice, bob } = world
    await register(world)
    await register(world, { investorId: 43, account: bob.address })
    await world.mint(alice, 5)
    const revocation = registrar.connect(compliance).revoke(alice)
    const at = (await networkHelpers.time.latest()) + 1
    await expect(revocation).to.emit(registrar, 'AccountRevoked').withArgs(42, alice, at)
    await expect(revocation).to.emit(ledger, 'AccountSet').withArgs(alice, 0, 0, 0, 0, 42)
    expect([await registrar.isActive(42), await registrar.lastIssuedAt(42), await ledger.balanceOf(alice, PROJECT)]).to.deep.equal([
      false,
      BigInt(at),
      5n,
    ])
    await expect(ledger.connect(alice).safeTransferFrom(alice, bob, PROJECT, 1, '0x')).to.be.revertedWithCustomError(
      ledger,
      'TransferRestricted',
    )
    await refused(world, register(world, { issuedAt: at }), 'AttestationOutdated', alice, at)
    await refused(world, register(world), 'AttestationOutdated', alice, 1_000)
    await refused(world, registrar.connect(compliance).revoke(alice), 'AccountNotActive', alice)
  })

  it('lets the investor come back with the same wallet or another, by a newer attestation', async () => {
    const world = await networkHelpers.loadFixture(registry)
    const { registrar, compliance, alice, stranger } = world
    await register(world)
    await registrar.connect(compliance).revoke(alice)
    const at = Number(await registrar.lastIssuedAt(42))
    await networkHelpers.time.increase(DAY)
    await register(world, { issuedAt: at + 1, account: stranger.address })
    await refused(world, register(world, { issuedAt: at + 2 }), 'InvestorHasOtherWallet', 42, alice)
    await registrar.connect(compliance).revoke(stranger)
    const next = Number(await registrar.lastIssuedAt(42))
    await register(world, { issuedAt: next + 1 })
    expect(await registrar.isActive(42)).to.equal(true)
  })

  it('also voids an attestation issued a little ahead of the chain’s clock', async () => {
    const world = await networkHelpers.loadFixture(registry)
    const issuedAt = (await networkHelpers.time.latest()) + 5_000
    await register(world, { issuedAt })
    const revocation = world.registrar.connect(world.compliance).revoke(world.alice)
    await expect(revocation).to.emit(world.registrar, 'AccountRevoked').withArgs(42, world.alice, issuedAt)
    await refused(world, register(world, { issuedAt }), 'AttestationOutdated', world.alice, issuedAt)
  })

  it('does not free what is frozen', async () => {
    const world = await networkHelpers.loadFixture(registry)
    await register(world, { flags: FLAG.frozen | FLAG.receive })
    await world.registrar.connect(world.compliance).revoke(world.alice)
    expect((await world.ledger.accountOf(world.alice)).flags).to.equal(FLAG.frozen)
  })

  it('is compliance’s, and of active wallets only', async () => {
    const world = await networkHelpers.loadFixture(registry)
    const { registrar, attestor, relinker, admin, compliance, alice, stranger } = world
    await register(world)
    await world.setAccount(world.dave)
    for (const caller of [attestor, relinker, admin, stranger])
      await refused(world, registrar.connect(caller).revoke(alice), 'AccessManagedUnauthorized', caller)
    await refused(world, registrar.connect(compliance).revoke(stranger), 'AccountNotActive', stranger)
    // Registered as nobody's by another registrar: there is no investor to take it from.
    await refused(world, registrar.connect(compliance).revoke(world.dave), 'AccountNotActive', world.dave)
    await relink(world)
    await refused(world, registrar.connect(compliance).revoke(alice), 'AccountNotActive', alice)
  })
})

describe('A relink', () => {
  it('puts the new wallet in the place of the old one and moves what it is told to', async () => {
    const world = await networkHelpers.loadFixture(registry)
    const { registrar, ledger, attestor, alice, bob } = world
    await register(world)
    await world.mint(alice, 5)
    const relinked = relink(world, { country: 620 }, { projectIds: [PROJECT] })
    await expect(relinked).to.emit(ledger, 'WalletRelinked').withArgs(42, alice, bob)
    await expect(relinked).to.emit(ledger, 'AccountSet').withArgs(bob, 3, FAR, 620, 1, 42)
    await expect(relinked).to.emit(registrar, 'AttestationUsed').withArgs(attestor, anyDigest)
    expect([await ledger.balanceOf(alice, PROJECT), await ledger.balanceOf(bob, PROJECT)]).to.deep.equal([0n, 5n])
    expect([await registrar.isActive(42), await registrar.lastIssuedAt(42)]).to.deep.equal([true, 2_000n])
    await refused(world, register(world, { issuedAt: 3_000 }), 'InvestorHasOtherWallet', 42, alice)
    await register(world, { account: bob.address, issuedAt: 3_000 })
  })

  it('leaves holdings that it does not name to anybody', async () => {
    const world = await networkHelpers.loadFixture(registry)
    await register(world)
    await world.mint(world.alice, 5)
    await relink(world)
    expect(await world.ledger.balanceOf(world.alice, PROJECT)).to.equal(5n)
    await world.ledger.connect(world.stranger).moveHoldings(world.alice, [PROJECT])
    expect(await world.ledger.balanceOf(world.bob, PROJECT)).to.equal(5n)
  })

  it('changes nothing when the identical one comes again', async () => {
    const world = await networkHelpers.loadFixture(registry)
    await register(world)
    const { registrar, relinker, alice, bob } = world
    const attestation = attestationOf(world, { account: bob.address, replaces: alice.address, issuedAt: 2_000 })
    const args = [attestation, await sign(world, attestation), []]
    expect(await registrar.connect(relinker).relink.staticCall(...args)).to.equal(true)
    await relink(world)
    expect((await (await relink(world)).wait()).logs).to.have.length(0)
    expect(await registrar.connect(relinker).relink.staticCall(...args)).to.equal(false)
  })

  it('needs the relinker and the attestor: neither key alone can take a wallet', async () => {
    const world = await networkHelpers.loadFixture(registry)
    const { registrar, attestor, compliance, admin, relinker, stranger } = world
    await register(world)
    for (const by of [attestor, compliance, admin, stranger])
      await refused(world, relink(world, {}, { by }), 'AccessManagedUnauthorized', by)
    for (const signer of [relinker, admin, stranger])
      await expect(relink(world, {}, { signer })).to.be.revertedWithCustomError(registrar, 'InvalidAttestation')
  })

  it('does not take an attestation of a registration for its own', async () => {
    const world = await networkHelpers.loadFixture(registry)
    await register(world)
    await refused(world, relink(world, { replaces: ZERO }), 'WrongPurpose', ZERO)
  })

  it('refuses what is expired, outdated, malformed or another investor’s', async () => {
    const world = await networkHelpers.loadFixture(registry)
    const { ledger, alice, bob, carol } = world
    await register(world)
    await register(world, { investorId: 43, account: carol.address })
    const past = (await networkHelpers.time.latest()) - 1
    await refused(world, relink(world, { deadline: past }), 'AttestationExpired', past)
    await refused(world, relink(world, { issuedAt: 1_000 }), 'AttestationOutdated', bob, 1_000)
    await refused(world, relink(world, { expiry: 0 }), 'MalformedAttestation', bob)
    await refused(world, relink(world, { account: ZERO }), 'InvalidAccount', ZERO)
    await refused(world, relink(world, { replaces: carol.address }), 'InvalidAccount', carol)
    await expect(relink(world, { account: carol.address }))
      .to.be.revertedWithCustomError(ledger, 'InvalidRelink')
      .withArgs(alice, carol)
    await expect(relink(world, { account: alice.address }))
      .to.be.revertedWithCustomError(ledger, 'InvalidRelink')
      .withArgs(alice, alice)
  })

  it('replaces a wallet that was revoked after a theft', async () => {
    const world = await networkHelpers.loadFixture(registry)
    const { registrar, ledger, compliance, alice, bob } = world
    await register(world)
    await world.mint(alice, 5)
    await registrar.connect(compliance).revoke(alice)
    const issuedAt = Number(await registrar.lastIssuedAt(42)) + 1
    await relink(world, { issuedAt }, { projectIds: [PROJECT] })
    expect([await ledger.balanceOf(bob, PROJECT), await registrar.isActive(42)]).to.deep.equal([5n, true])
  })

  it('gives a revoked wallet’s holdings to the active one only', async () => {
    const world = await networkHelpers.loadFixture(registry)
    const { registrar, ledger, compliance, alice, bob, carol } = world
    await register(world)
    await world.mint(alice, 5)
    await registrar.connect(compliance).revoke(alice)
    const at = Number(await registrar.lastIssuedAt(42))
    await register(world, { account: bob.address, issuedAt: at + 1 })
    await refused(world, relink(world, { account: carol.address, issuedAt: at + 2 }), 'InvestorHasOtherWallet', 42, carol)
    await relink(world, { issuedAt: at + 2 }, { projectIds: [PROJECT] })
    expect(await ledger.balanceOf(bob, PROJECT)).to.equal(5n)
    await refused(world, registrar.connect(compliance).revoke(alice), 'AccountNotActive', alice)
  })
})

describe('The price of a registration', () => {
  it('is less than two slots of storage in a batch of 100 neighbours', async () => {
    const world = await networkHelpers.loadFixture(registry)
    const batch = Array.from({ length: 100 }, (_, index) => attestationOf(world, { investorId: index + 1, account: addressOf(index + 1) }))
    const { gasUsed } = await (await world.registrar.registerMany(batch, await signMany(world, batch))).wait()
    expect(Number(gasUsed) / 100).to.be.below(2 * 22_100)
  })
})

/** Order of the curve secp256k1. */
const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

const anyDigest = (value: string) => ethers.isHexString(value, 32)

/** An address like any other: without leading zeros, which would make its calldata cheaper. */
function addressOf(number: number): string {
  return ethers.getAddress(ethers.dataSlice(ethers.id(`investor ${number}`), 12))
}
