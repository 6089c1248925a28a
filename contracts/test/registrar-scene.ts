import { deployed, ethers, FLAG, type Signer, ZERO } from './fixture.ts'

export type World = Awaited<ReturnType<typeof registry>>

/** A moment far ahead that fits an expiry. */
export const FAR = 2 ** 38
const COMPLIANCE_ROLE = 8n
const RELINKER_ROLE = 9n

/** Of an attestation, as EIP-712 names them. */
export const FIELDS = [
  'address account',
  'uint8 flags',
  'uint40 expiry',
  'uint16 country',
  'uint8 class',
  'uint64 investorId',
  'uint40 issuedAt',
  'uint40 deadline',
  'address replaces',
].map((field) => ({ type: field.split(' ')[0]!, name: field.split(' ')[1]! }))

/** Everything deployed; compliance and the relinker are two; Alice, Bob and Carol are people whom nobody registered. */
export async function registry() {
  const world = await deployed()
  const { manager, registrar, admin, signers } = world
  const [alice, bob, carol, compliance, relinker] = signers.slice(14) as [Signer, Signer, Signer, Signer, Signer]
  const give = async (name: string, role: bigint, account: Signer) => {
    await manager.connect(admin).setTargetFunctionRole(registrar, [registrar.interface.getFunction(name).selector], role)
    await manager.connect(admin).grantRole(role, account, 0)
  }
  await give('revoke', COMPLIANCE_ROLE, compliance)
  await give('relink', RELINKER_ROLE, relinker)
  return { ...world, alice, bob, carol, compliance, relinker }
}

/** An attestation for Alice as investor 42, with some of it changed. */
export function attestationOf({ alice }: World, changes: Record<string, unknown> = {}) {
  return {
    account: alice.address,
    flags: FLAG.send | FLAG.receive,
    expiry: FAR,
    country: 276,
    class: 1,
    investorId: 42,
    issuedAt: 1_000,
    deadline: FAR,
    replaces: ZERO,
    ...changes,
  }
}
type Attestation = ReturnType<typeof attestationOf>

export async function domainOf({ registrar }: World) {
  return { name: 'TerraLuminaRegistrar', version: '1', chainId: 31_337, verifyingContract: await registrar.getAddress() }
}

/** Signs one attestation, and checks that the contract hashes it the same way. */
export async function sign(world: World, attestation: Attestation, signer: Signer = world.attestor): Promise<string> {
  const domain = await domainOf(world)
  const types = { Attestation: FIELDS }
  const digest = ethers.TypedDataEncoder.hash(domain, types, attestation)
  if ((await world.registrar.hashOf(attestation)) !== digest) throw new Error('hashOf differs from EIP-712')
  return signer.signTypedData(domain, types, attestation)
}

/** Signs a batch. */
export async function signMany(world: World, attestations: Attestation[], signer: Signer = world.attestor): Promise<string> {
  const domain = await domainOf(world)
  const types = { AttestationBatch: [{ name: 'attestations', type: 'Attestation[]' }], Attestation: FIELDS }
  const digest = ethers.TypedDataEncoder.hash(domain, types, { attestations })
  if ((await world.registrar.hashOfMany(attestations)) !== digest) throw new Error('hashOfMany differs from EIP-712')
  return signer.signTypedData(domain, types, { attestations })
}

/** Signs and submits a registration, by somebody without any role. */
export async function register(world: World, changes: Record<string, unknown> = {}, signer?: Signer) {
  const attestation = attestationOf(world, changes)
  return world.registrar.connect(world.stranger).register(attestation, await sign(world, attestation, signer))
}

/** Signs and submits a relink of Alice's wallet to Bob's. */
export async function relink(
  world: World,
  changes: Record<string, unknown> = {},
  options: { projectIds?: number[]; by?: Signer; signer?: Signer } = {},
) {
  const { alice, bob, relinker, registrar } = world
  const attestation = attestationOf(world, { account: bob.address, replaces: alice.address, issuedAt: 2_000, ...changes })
  const signature = await sign(world, attestation, options.signer)
  return registrar.connect(options.by ?? relinker).relink(attestation, signature, options.projectIds ?? [])
}
