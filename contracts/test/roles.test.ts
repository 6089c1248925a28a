import { expect } from 'chai'
import {
  type AnyContract,
  BOTH_WAYS,
  deployed,
  ethers,
  FOREVER,
  HASH,
  investmentId,
  NOTICE,
  networkHelpers,
  PROJECT,
  STATE,
  terms,
  ZERO_HASH,
} from './fixture.ts'

type World = Awaited<ReturnType<typeof deployed>>
const account = (): Record<string, unknown> => ({ flags: BOTH_WAYS, expiry: FOREVER, country: 276, class: 0, investorId: 1 })

/** Every restricted function of the ledger: the role it asks for and a call that works for that role. */
const DEEDS: [string, string, (world: World) => Promise<unknown[]> | unknown[], ((world: World) => Promise<unknown>)?][] = [
  ['createProject', 'PROJECT_ROLE', async ({ token }) => [8, terms(await token.getAddress())]],
  ['setProjectState', 'PROJECT_ROLE', () => [PROJECT, STATE.paused, ZERO_HASH]],
  ['setAccount', 'REGISTRAR_ROLE', ({ dave }) => [dave, account()]],
  ['mintInvestment', 'MINTER_ROLE', ({ alice }) => [investmentId(1), PROJECT, alice, 1, 0]],
  [
    'mintInvestments',
    'MINTER_ROLE',
    ({ alice }) => [PROJECT, [{ investmentId: investmentId(1), investor: alice, units: 1, unlockDay: 0 }]],
  ],
  ['openEpoch', 'VAULT_ROLE', () => [PROJECT, 1], ({ mint, alice }) => mint(alice, 1)],
  ['settleClaim', 'VAULT_ROLE', ({ alice }) => [PROJECT, alice]],
  ['announceExit', 'EXIT_ROLE', async ({ dao }) => [PROJECT, dao, (await networkHelpers.time.latest()) + NOTICE + 100]],
  ['cancelExit', 'EXIT_ROLE', () => [PROJECT], announce],
  [
    'beginExit',
    'EXIT_ROLE',
    () => [PROJECT],
    async (world) => {
      await announce(world)
      await networkHelpers.time.increase(NOTICE + 100)
    },
  ],
  ['setMetadata', 'METADATA_ROLE', () => [PROJECT, HASH, 'ipfs://second']],
  ['pause', 'PAUSER_ROLE', () => []],
  ['unpause', 'DEFAULT_ADMIN_ROLE', () => [], ({ ledger, operator }) => ledger.connect(operator).pause()],
]
const ALL_ROLES = [
  'DEFAULT_ADMIN_ROLE',
  'PROJECT_ROLE',
  'MINTER_ROLE',
  'REGISTRAR_ROLE',
  'VAULT_ROLE',
  'EXIT_ROLE',
  'PAUSER_ROLE',
  'METADATA_ROLE',
]

describe('Roles of the ledger', () => {
  for (const [name, role, args, prepare] of DEEDS) {
    it(`lets ${role} alone call ${name}`, async () => {
      const world = await networkHelpers.loadFixture(withOneSignerPerRole)
      await prepare?.(world)
      const callArgs = await args(world)
      for (const other of ALL_ROLES.filter((each) => each !== role)) {
        const caller = world.holderOf[other]!
        await expect(world.ledger.connect(caller)[name](...callArgs), other)
          .to.be.revertedWithCustomError(world.ledger, 'AccessControlUnauthorizedAccount')
          .withArgs(caller, roleId(role))
      }
      await world.ledger.connect(world.holderOf[role]!)[name](...callArgs)
    })
  }

  it('names every function that changes something, so that none stays without a test', async () => {
    const { ledger } = await networkHelpers.loadFixture(deployed)
    const open = ['safeTransferFrom', 'safeBatchTransferFrom', 'setApprovalForAll', 'release', 'exitBatch', 'finalizeExit', 'mintOrder']
    const accessControl = ['grantRole', 'revokeRole', 'renounceRole']
    const writing = ledger.interface.fragments.filter(
      (part: AnyContract) => part.type === 'function' && !['view', 'pure'].includes(part.stateMutability),
    )
    expect(writing.map((part: AnyContract) => part.name)).to.have.members([...DEEDS.map(([name]) => name), ...open, ...accessControl])
  })

  it('keeps the caught self-calls to the contracts themselves', async () => {
    const { ledger, vault, minter, admin, alice } = await networkHelpers.loadFixture(deployed)
    const order = { investmentId: investmentId(1), investor: alice, units: 1, unlockDay: 0 }
    for (const caller of [admin, minter, alice]) {
      await expect(ledger.connect(caller).mintOrder(alice, PROJECT, order)).to.be.revertedWithCustomError(ledger, 'OnlySelf')
      await expect(vault.connect(caller).payOne(PROJECT, alice)).to.be.revertedWithCustomError(vault, 'OnlySelf')
    }
  })

  it('lets the admin alone grant roles', async () => {
    const { ledger, operator, stranger, admin } = await networkHelpers.loadFixture(deployed)
    const role = roleId('MINTER_ROLE')
    await expect(ledger.connect(operator).grantRole(role, stranger)).to.be.revertedWithCustomError(
      ledger,
      'AccessControlUnauthorizedAccount',
    )
    await expect(ledger.connect(admin).grantRole(role, stranger)).to.emit(ledger, 'RoleGranted').withArgs(role, stranger, admin)
  })

  it('lets no role move units that somebody holds', async () => {
    const { ledger, alice, holderOf, mint } = await networkHelpers.loadFixture(withOneSignerPerRole)
    await mint(alice, 10)
    for (const role of ALL_ROLES) {
      const caller = holderOf[role]!
      await expect(ledger.connect(caller).safeTransferFrom(alice, caller, PROJECT, 1, '0x'))
        .to.be.revertedWithCustomError(ledger, 'ERC1155MissingApprovalForAll')
        .withArgs(caller, alice)
    }
  })
})

async function announce({ ledger, operator, dao }: World) {
  await ledger.connect(operator).announceExit(PROJECT, dao, (await networkHelpers.time.latest()) + NOTICE + 10)
}

async function withOneSignerPerRole() {
  const world = await deployed()
  const free = world.signers.slice(12)
  const holderOf: Record<string, AnyContract> = { DEFAULT_ADMIN_ROLE: world.admin }
  for (const role of ALL_ROLES.slice(1)) {
    holderOf[role] = free.shift()
    await world.ledger.connect(world.admin).grantRole(roleId(role), holderOf[role])
  }
  return { ...world, holderOf }
}

function roleId(role: string): string {
  return role === 'DEFAULT_ADMIN_ROLE' ? ZERO_HASH : ethers.id(role)
}
