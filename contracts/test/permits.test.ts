import { expect } from 'chai'
import { type AnyContract, DAY, deployed, ethers, networkHelpers, PROJECT, type Signer, ZERO } from './fixture.ts'

type World = Awaited<ReturnType<typeof deployed>>
interface Permit {
  owner: AnyContract
  operator: AnyContract
  approved: boolean
  nonce: bigint | number
  deadline: bigint | number
}
const SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const NEVER = 2n ** 256n - 1n
const TYPES = {
  PermitForAll: [
    { name: 'owner', type: 'address' },
    { name: 'operator', type: 'address' },
    { name: 'approved', type: 'bool' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
}

/** Alice's signature that lets Dave move her units; with changes to what is signed, to the domain and to the signer. */
async function sign({ ledger, alice, dave }: World, permit: Partial<Permit> = {}, domain: object = {}, signer: Signer = alice) {
  const { chainId } = await ethers.provider.getNetwork()
  const value = { owner: alice, operator: dave, approved: true, nonce: 0, deadline: NEVER, ...permit }
  return signer.signTypedData(
    { name: 'TerraLuminaOwnership', version: '1', chainId, verifyingContract: await ledger.getAddress(), ...domain },
    TYPES,
    { ...value, owner: await ethers.resolveAddress(value.owner), operator: await ethers.resolveAddress(value.operator) },
  )
}
/** Anybody sends it. */
const permit = ({ ledger, alice, dave, stranger }: World, signature: string, changes: Partial<Permit> = {}) => {
  const { owner, operator, approved, deadline } = { owner: alice, operator: dave, approved: true, deadline: NEVER, ...changes }
  return ledger.connect(stranger).permitForAll(owner, operator, approved, deadline, signature)
}
const change = async (world: World, how: (signature: string) => string) => how(await sign(world))

const FORGERIES: [string, (world: World) => Promise<string>][] = [
  ['for another chain', (world) => sign(world, {}, { chainId: 137 })],
  ['for another contract', async (world) => sign(world, {}, { verifyingContract: await world.vault.getAddress() })],
  ['for another name', (world) => sign(world, {}, { name: 'TerraLuminaSale' })],
  ['for another version', (world) => sign(world, {}, { version: '2' })],
  ['by the operator', (world) => sign(world, {}, {}, world.dave)],
  ['for another owner', (world) => sign(world, { owner: world.bob })],
  ['for another operator', (world) => sign(world, { operator: world.stranger })],
  ['for the contrary', (world) => sign(world, { approved: false })],
  ['with a later nonce', (world) => sign(world, { nonce: 1 })],
  ['with another deadline', (world) => sign(world, { deadline: NEVER - 1n })],
  [
    'with the higher s',
    (world) =>
      change(world, (signature) => {
        const { r, s, v } = ethers.Signature.from(signature)
        return ethers.concat([r, ethers.toBeHex(SECP256K1_ORDER - BigInt(s), 32), ethers.toBeHex(v === 27 ? 28 : 27, 1)])
      }),
  ],
  ['in the compact form of 64 bytes', (world) => change(world, (signature) => ethers.Signature.from(signature).compactSerialized)],
  ['of 66 bytes', (world) => change(world, (signature) => `${signature}1b`)],
  ['of zeros', (world) => change(world, () => ethers.zeroPadBytes('0x', 65))],
  ['of no bytes', (world) => change(world, () => '0x')],
]

describe('An approval by signature', () => {
  it('counts like one by transaction, whoever sends it', async () => {
    const world = await networkHelpers.loadFixture(deployed)
    const { ledger, alice, bob, dave, mint } = world
    await mint(alice, 10)
    await expect(permit(world, await sign(world)))
      .to.emit(ledger, 'ApprovalForAll')
      .withArgs(alice, dave, true)
    expect(await ledger.nonces(alice)).to.equal(1)
    await ledger.connect(dave).safeTransferFrom(alice, bob, PROJECT, 1, '0x')
    const back = await sign(world, { approved: false, nonce: 1 })
    const taken = permit(world, back, { approved: false })
    await expect(taken).to.emit(ledger, 'ApprovalForAll').withArgs(alice, dave, false)
    await expect(taken).to.emit(ledger, 'NonceUsed').withArgs(alice, 1)
    expect(await ledger.isApprovedForAll(alice, dave)).to.equal(false)
  })

  it('can be used once and in its order', async () => {
    const world = await networkHelpers.loadFixture(deployed)
    const { ledger, alice } = world
    const first = await sign(world)
    const second = await sign(world, { approved: false, nonce: 1 })
    await expect(permit(world, second, { approved: false }))
      .to.be.revertedWithCustomError(ledger, 'InvalidPermit')
      .withArgs(alice)
    expect(await ledger.nonces(alice), 'a wrong one uses no nonce').to.equal(0)
    await permit(world, first)
    await expect(permit(world, first)).to.be.revertedWithCustomError(ledger, 'InvalidPermit').withArgs(alice)
    await permit(world, second, { approved: false })
  })

  it('counts up to the second of its deadline', async () => {
    const world = await networkHelpers.loadFixture(deployed)
    const deadline = (await networkHelpers.time.latest()) + DAY
    const first = await sign(world, { deadline })
    const second = await sign(world, { deadline, nonce: 1 })
    await networkHelpers.time.setNextBlockTimestamp(deadline)
    await permit(world, first, { deadline })
    await expect(permit(world, second, { deadline }))
      .to.be.revertedWithCustomError(world.ledger, 'SignatureExpired')
      .withArgs(deadline)
  })

  for (const [what, forge] of FORGERIES) {
    it(`${what} counts for nothing`, async () => {
      const world = await networkHelpers.loadFixture(deployed)
      await expect(permit(world, await forge(world)))
        .to.be.revertedWithCustomError(world.ledger, 'InvalidPermit')
        .withArgs(world.alice)
      expect(await world.ledger.isApprovedForAll(world.alice, world.dave)).to.equal(false)
    })
  }

  it('of nobody or for nobody is refused', async () => {
    const world = await networkHelpers.loadFixture(deployed)
    const { ledger } = world
    for (const signature of ['0x', ethers.zeroPadBytes('0x', 65), await sign(world, { owner: ZERO })])
      await expect(permit(world, signature, { owner: ZERO }))
        .to.be.revertedWithCustomError(ledger, 'InvalidPermit')
        .withArgs(ZERO)
    await expect(permit(world, await sign(world, { operator: ZERO }), { operator: ZERO }))
      .to.be.revertedWithCustomError(ledger, 'ERC1155InvalidOperator')
      .withArgs(ZERO)
  })

  it('of a contract is what the contract says (ERC-1271)', async () => {
    const world = await networkHelpers.loadFixture(deployed)
    const { ledger, alice, bob, dave, setAccount, mint } = world
    const wallet: AnyContract = await ethers.deployContract('SigningWallet', [alice])
    await setAccount(wallet)
    await mint(wallet, 10)
    const signature = await sign(world, { owner: wallet })
    await expect(permit(world, await sign(world, { owner: wallet }, {}, bob), { owner: wallet }))
      .to.be.revertedWithCustomError(ledger, 'InvalidPermit')
      .withArgs(wallet)
    await expect(permit(world, signature, { owner: wallet }))
      .to.emit(ledger, 'ApprovalForAll')
      .withArgs(wallet, dave, true)
    await ledger.connect(dave).safeTransferFrom(wallet, bob, PROJECT, 10, '0x')
    await expect(permit(world, signature, { owner: wallet }))
      .to.be.revertedWithCustomError(ledger, 'InvalidPermit')
      .withArgs(wallet)
  })

  it('of a contract that can’t sign is refused', async () => {
    const world = await networkHelpers.loadFixture(deployed)
    for (const name of ['PlainContract', 'SilentContract', 'GreedyReceiver', 'HugeRules'] as const) {
      const wallet = await ethers.deployContract(name)
      await expect(permit(world, await sign(world, { owner: wallet }), { owner: wallet }), name)
        .to.be.revertedWithCustomError(world.ledger, 'InvalidPermit')
        .withArgs(wallet)
    }
  })
})
