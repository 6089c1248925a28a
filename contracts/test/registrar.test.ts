import { expect } from 'chai'
import { type AnyContract, deployed, ethers, FLAG, networkHelpers, PROJECT, type Signer, ZERO } from './fixture.ts'

type World = Awaited<ReturnType<typeof deployed>>
const FAR = 2 ** 39

/** An attestation for Dave as investor 42 with its signature. */
async function attest({ registrar, attestor, dave }: World, changes: Record<string, unknown> = {}, signer: Signer = attestor) {
  const attestation = {
    account: dave.address,
    flags: 3,
    expiry: FAR,
    country: 276,
    class: 1,
    investorId: 42,
    issuedAt: 1000,
    deadline: FAR,
    ...changes,
  }
  const types = {
    Attestation: [
      { name: 'account', type: 'address' },
      { name: 'flags', type: 'uint8' },
      { name: 'expiry', type: 'uint40' },
      { name: 'country', type: 'uint16' },
      { name: 'class', type: 'uint8' },
      { name: 'investorId', type: 'uint64' },
      { name: 'issuedAt', type: 'uint40' },
      { name: 'deadline', type: 'uint40' },
    ],
  }
  const domain = { name: 'TerraLuminaRegistrar', version: '1', chainId: 31_337, verifyingContract: await registrar.getAddress() }
  expect(await registrar.hashOf(attestation)).to.equal(ethers.TypedDataEncoder.hash(domain, types, attestation))
  return { attestation, signature: await signer.signTypedData(domain, types, attestation) }
}

async function register(world: World, changes: Record<string, unknown> = {}, signer?: Signer) {
  const { attestation, signature } = await attest(world, changes, signer)
  return world.registrar.connect(world.stranger).register(attestation, signature)
}

describe('The registrar', () => {
  it('writes the account record from an attestation, whoever sends it', async () => {
    const world = await networkHelpers.loadFixture(deployed)
    const registration = register(world)
    await expect(registration).to.emit(world.registrar, 'AccountRegistered').withArgs(42, world.dave, 1000)
    await expect(registration).to.emit(world.ledger, 'AccountSet').withArgs(world.dave, 3, FAR, 276, 1, 42)
    expect((await world.ledger.accountOf(world.dave)).toArray()).to.deep.equal([3n, BigInt(FAR), 276n, 1n, 42n])
    expect(await world.registrar.walletOf(42)).to.equal(world.dave.address)
    expect(await world.registrar.ledger()).to.equal(await world.ledger.getAddress())
    await world.mint(world.dave, 5)
  })

  it('does nothing when the identical attestation comes again', async () => {
    const world = await networkHelpers.loadFixture(deployed)
    await register(world)
    const receipt = await (await register(world)).wait()
    expect(receipt.logs).to.have.length(0)
    const { attestation, signature } = await attest(world)
    expect(await world.registrar.register.staticCall(attestation, signature)).to.equal(false)
  })

  it('refuses an attestation that isn’t newer than the last', async () => {
    const world = await networkHelpers.loadFixture(deployed)
    await register(world)
    for (const changes of [{ issuedAt: 999 }, { country: 1 }, { flags: 1 }]) {
      await expect(register(world, changes))
        .to.be.revertedWithCustomError(world.registrar, 'AttestationOutdated')
        .withArgs(world.dave, changes.issuedAt ?? 1000)
    }
    await register(world, { issuedAt: 1001, country: 1 })
    expect((await world.ledger.accountOf(world.dave)).country).to.equal(1)
  })

  it('refuses what no attestor signed', async () => {
    const world = await networkHelpers.loadFixture(deployed)
    const invalid = (call: Promise<unknown>) => expect(call).to.be.revertedWithCustomError(world.registrar, 'InvalidAttestation')
    await invalid(register(world, {}, world.stranger))
    await invalid(register(world, {}, world.admin))
    const { attestation, signature } = await attest(world)
    for (const forged of [
      { ...attestation, account: world.stranger.address },
      { ...attestation, flags: 7 },
      { ...attestation, investorId: 43 },
    ])
      await invalid(world.registrar.register(forged, signature))
    for (const broken of ['0x', '0x00', ethers.dataSlice(signature, 0, 64), `${signature.slice(0, -2)}02`])
      await invalid(world.registrar.register(attestation, broken))
    await world.registrar.connect(world.admin).revokeRole(ethers.id('ATTESTOR_ROLE'), world.attestor)
    await invalid(world.registrar.register(attestation, signature))
  })

  it('refuses what is expired, unknown or addressed to nobody', async () => {
    const world = await networkHelpers.loadFixture(deployed)
    const past = (await networkHelpers.time.latest()) - 1
    await expect(register(world, { deadline: past }))
      .to.be.revertedWithCustomError(world.registrar, 'AttestationExpired')
      .withArgs(past)
    await expect(register(world, { flags: 16 })).to.be.revertedWithCustomError(world.registrar, 'InvalidAttestation')
    await expect(register(world, { investorId: 0 })).to.be.revertedWithCustomError(world.registrar, 'InvalidAttestation')
    await expect(register(world, { account: ZERO }))
      .to.be.revertedWithCustomError(world.registrar, 'InvalidAccount')
      .withArgs(ZERO)
  })

  it('keeps one active wallet per investor and one investor per wallet', async () => {
    const world = await networkHelpers.loadFixture(deployed)
    await register(world)
    await expect(register(world, { account: world.stranger.address, issuedAt: 2000 }))
      .to.be.revertedWithCustomError(world.registrar, 'InvestorHasOtherWallet')
      .withArgs(42, world.dave)
    await expect(register(world, { investorId: 43, issuedAt: 2000 }))
      .to.be.revertedWithCustomError(world.registrar, 'InvalidAccount')
      .withArgs(world.dave)
  })

  it('takes the rights away on revocation, but neither units nor what they earned', async () => {
    const world = await networkHelpers.loadFixture(deployed)
    const { registrar, ledger, vault, revoker, dave, alice, token } = world
    await register(world)
    await world.mint(dave, 5)
    await world.distribute(100)
    const revocation = registrar.connect(revoker).revoke(42)
    await expect(revocation).to.emit(registrar, 'AccountRevoked').withArgs(42, dave)
    await expect(revocation).to.emit(ledger, 'AccountSet').withArgs(dave, 0, 0, 0, 0, 42)
    expect(await registrar.walletOf(42)).to.equal(ZERO)
    await expect(world.send(dave, alice, 1)).to.be.revertedWithCustomError(ledger, 'TransferRestricted')
    expect(await ledger.balanceOf(dave, PROJECT)).to.equal(5)
    await vault.connect(dave).claim([PROJECT])
    expect(await token.balanceOf(dave)).to.equal(100)
    await expect(registrar.connect(revoker).revoke(42)).to.be.revertedWithCustomError(registrar, 'InvestorNotActive').withArgs(42)
    for (const caller of [dave, world.attestor, world.admin]) {
      await expect(registrar.connect(caller).revoke(42))
        .to.be.revertedWithCustomError(registrar, 'AccessControlUnauthorizedAccount')
        .withArgs(caller, ethers.id('REVOKER_ROLE'))
    }
  })

  it('lets no attestation from before a revocation bring the rights back', async () => {
    const world = await networkHelpers.loadFixture(deployed)
    await register(world)
    await world.registrar.connect(world.revoker).revoke(42)
    const revokedAt = await networkHelpers.time.latest()
    for (const issuedAt of [1000, 1001, revokedAt])
      await expect(register(world, { issuedAt })).to.be.revertedWithCustomError(world.registrar, 'AttestationOutdated')
    await expect(
      register(world, { investorId: 43, issuedAt: revokedAt + 1 }),
      'the address stays this investor’s',
    ).to.be.revertedWithCustomError(world.registrar, 'InvalidAccount')
    await register(world, { issuedAt: revokedAt + 1, account: world.stranger.address })
    expect(await world.registrar.walletOf(42)).to.equal(world.stranger.address)
  })

  it('registers many, all or none', async () => {
    const world = await networkHelpers.loadFixture(deployed)
    const signed = await Promise.all(
      [1, 2, 3].map((n) => attest(world, { investorId: n, account: ethers.getAddress(`0x${'00'.repeat(19)}a${n}`), flags: FLAG.receive })),
    )
    const many = (list: AnyContract[]) =>
      world.registrar.registerMany(
        list.map((one) => one.attestation),
        list.map((one) => one.signature),
      )
    await expect(world.registrar.registerMany([signed[0]!.attestation], []))
      .to.be.revertedWithCustomError(world.registrar, 'LengthMismatch')
      .withArgs(1, 0)
    await expect(many([signed[0], { ...signed[1], signature: signed[0]!.signature }])).to.be.revertedWithCustomError(
      world.registrar,
      'InvalidAttestation',
    )
    await many(signed)
    await many(signed)
    expect(await world.registrar.walletOf(3)).to.equal(signed[2]!.attestation.account)
  })
})
