import { type AnyContract, DAY, deployed, ethers, NOTICE, networkHelpers, PROJECT, type Signer } from './fixture.ts'

/** A second project of the tests that need one. */
export const OTHER = 8
/** Shortest time between the announcement of a clawback and the clawback, as the fixture deploys the vault. */
export const CLAWBACK_SECONDS = 3 * 365 * DAY

/** Alice has 60 units and Bob 40. */
export async function withHolders() {
  const world = await deployed()
  await world.mint(world.alice, 60)
  await world.mint(world.bob, 40)
  return world
}

/** And so in a second project. */
export async function withOther(changes: Record<string, unknown> = {}) {
  const world = await withHolders()
  await world.createProject(OTHER, changes)
  await world.mint(world.alice, 60, { projectId: OTHER })
  await world.mint(world.bob, 40, { projectId: OTHER })
  const announceExit = async () => {
    await world.ledger.connect(world.operator).announceExit(OTHER, world.dao, (await networkHelpers.time.latest()) + NOTICE + 1000)
    await networkHelpers.time.increase(NOTICE + 1010)
  }
  return { ...world, announceExit }
}

/** And that one's returns are paid in a token of another kind. */
export async function withToken(name: string) {
  const odd: AnyContract = await ethers.deployContract(name)
  const world = await withOther({ payoutToken: await odd.getAddress() })
  await odd.mint(world.treasurer, 10n ** 18n)
  await odd.connect(world.treasurer).approve(world.vault, 10n ** 18n)
  await world.vault.connect(world.admin).setTokenAllowed(odd, true)
  return { ...world, odd }
}

/** What an ERC-2771 forwarder takes from anybody: `signer`'s wish to call `to`. */
export async function signedRequest(forwarder: AnyContract, signer: Signer, to: AnyContract, data: string) {
  const [, name, version, chainId, verifyingContract] = await forwarder.eip712Domain()
  const message = {
    from: signer.address,
    to: await to.getAddress(),
    value: 0n,
    gas: 1_000_000n,
    nonce: await forwarder.nonces(signer),
    deadline: (await networkHelpers.time.latest()) + DAY,
    data,
  }
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
  const signature = await signer.signTypedData({ name, version, chainId, verifyingContract }, types, message)
  return { ...message, signature }
}

/** Announces a clawback of everything distributed in the project so far, and lets the deadline pass. */
export async function passClawbackDeadline({ vault, admin, ledger }: Awaited<ReturnType<typeof deployed>>, projectId: number = PROJECT) {
  const notBefore = (await networkHelpers.time.latest()) + CLAWBACK_SECONDS + DAY
  await vault.connect(admin).announceClawback(projectId, (await ledger.projectOf(projectId)).epoch, notBefore)
  await networkHelpers.time.increaseTo(notBefore)
}
