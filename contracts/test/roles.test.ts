import { expect } from 'chai'
import { type AnyContract, DAY, deployed, deployLedger, ethers, networkHelpers, PROJECT, ROLE, type Signer, ZERO_HASH } from './fixture.ts'

type Target = 'ledger' | 'vault' | 'registrar' | 'sale' | 'documents'

/** Functions that the access manager guards. */
const GUARDED: Record<Target, string[]> = {
  ledger: [
    'createProject',
    'setProjectState',
    'setDailyMintCap',
    'setRules',
    'setBlockedCountries',
    'setMetadata',
    'freezeMetadata',
    'pause',
    'unpause',
    'setRole',
    'setFrozenTokens',
    'forcedTransfer',
    'transferLots',
    'reverseInvestment',
    'announceExit',
    'cancelExit',
    'beginExit',
  ],
  vault: ['setTokenAllowed', 'announceClawback', 'cancelClawback', 'clawback'],
  registrar: ['revoke', 'relink'],
  sale: ['openSale', 'announceEarlyClose', 'abandonSale'],
  documents: ['addDocument'],
}

/** Functions that need one of the ledger's roles. */
const OF_ROLES: Record<string, { target: Target; role: keyof typeof ROLE }> = {
  mintInvestment: { target: 'ledger', role: 'minter' },
  mintInvestments: { target: 'ledger', role: 'minter' },
  mintSettled: { target: 'ledger', role: 'sale' },
  setSaleState: { target: 'ledger', role: 'sale' },
  setAccount: { target: 'ledger', role: 'registrar' },
  relinkWallet: { target: 'ledger', role: 'registrar' },
  openEpoch: { target: 'ledger', role: 'vault' },
  settleClaim: { target: 'ledger', role: 'vault' },
  beginExitByBuyOut: { target: 'ledger', role: 'vault' },
  openVoteEpoch: { target: 'ledger', role: 'governor' },
  commitFiat: { target: 'sale', role: 'minter' },
}
/** Functions that ask for a treasurer once their arguments make sense. */
const OF_TREASURER: Partial<Record<Target, string[]>> = { vault: ['attestOffchain', 'openRecordDate'] }

/** Functions that anybody may call: on what is theirs, with a signature that counts, or where the effect is the same whoever calls. */
const OPEN: Record<Target, string[]> = {
  ledger: [
    'safeTransferFrom',
    'safeBatchTransferFrom',
    'setApprovalForAll',
    'permitForAll',
    'moveHoldings',
    'release',
    'exitBatch',
    'finalizeExit',
    'setAuthority',
  ],
  vault: [
    'distributeReturns',
    'buyOut',
    'claim',
    'claimFor',
    'claimMany',
    'setPayoutAddress',
    'openRecordDate',
    'attestOffchain',
    'setAuthority',
  ],
  registrar: ['register', 'registerMany', 'setAuthority'],
  sale: [
    'finalize',
    'reportOutcome',
    'commit',
    'commitWithPermit',
    'withdrawFiat',
    'cancel',
    'setRefundAddress',
    'settle',
    'refund',
    'refundMany',
    'withdrawProceeds',
    'setAuthority',
  ],
  documents: ['setAuthority'],
}
/** Calls that a contract makes to itself, to catch what they throw; {OnlySelf} for everybody else. */
const SELF_CALLS: Record<string, Target> = { mintOrder: 'ledger', payHolder: 'vault', refundOne: 'sale' }
const TARGETS = Object.keys(GUARDED) as Target[]
/** Keys that lie on servers. */
const HOT = ['minter', 'paymentAttestor', 'identityAttestor', 'treasurer'] as const

describe('Who may call what', () => {
  for (const target of TARGETS) {
    it(`is written down for every function of the ${target} that changes something`, async () => {
      const world = await networkHelpers.loadFixture(oneKeyPerRole)
      const byRole = Object.keys(OF_ROLES).filter((name) => OF_ROLES[name]!.target === target)
      const known = [...GUARDED[target], ...OPEN[target], ...byRole]
      expect(writing(world[target]).filter((name) => !(name in SELF_CALLS))).to.have.members(known)
    })

    for (const name of GUARDED[target]) {
      it(`lets the access manager decide who calls ${name} of the ${target}`, async () => {
        const world = await networkHelpers.loadFixture(oneKeyPerRole)
        const contract = world[target]
        const args = emptyArgs(contract, name)
        for (const caller of [...Object.values(world.keys), world.operator, world.admin, world.stranger]) {
          const [isAllowed] = await world.manager.canCall(caller, contract, contract.interface.getFunction(name).selector)
          const call = contract.connect(caller)[name](...args)
          if (isAllowed)
            expect(await errorOf(contract, call), `${caller.address} may`).not.to.equal(`AccessManagedUnauthorized ${caller.address}`)
          else await expect(call).to.be.revertedWithCustomError(contract, 'AccessManagedUnauthorized').withArgs(caller)
        }
        // The administrator may nothing by himself but what no role was given.
        await world.manager.connect(world.admin).revokeRole(0, world.admin)
        await expect(contract.connect(world.admin)[name](...args)).to.be.revertedWithCustomError(contract, 'AccessManagedUnauthorized')
      })
    }
  }

  for (const [name, { target, role }] of Object.entries(OF_ROLES)) {
    it(`lets ${role} alone call ${name}`, async () => {
      const world = await networkHelpers.loadFixture(oneKeyPerRole)
      const { keys, admin, operator, stranger } = world
      const contract = world[target]
      const args = emptyArgs(contract, name)
      for (const [other, caller] of [...Object.entries(keys), ['none', admin], ['none', operator], ['none', stranger]] as [
        string,
        Signer,
      ][]) {
        const call = contract.connect(caller)[name](...args)
        if (other === role) expect(await errorOf(contract, call), other).not.to.equal(`MissingRole ${caller.address}`)
        else await expect(call, other).to.be.revertedWithCustomError(contract, 'MissingRole').withArgs(caller, ROLE[role])
      }
    })
  }

  for (const [name, target] of Object.entries(SELF_CALLS)) {
    it(`keeps ${name} to the ${target} itself`, async () => {
      const world = await networkHelpers.loadFixture(oneKeyPerRole)
      const contract = world[target]
      for (const caller of [...Object.values(world.keys), world.operator, world.admin, world.stranger].filter(
        (one) => one.address !== contract.target,
      ))
        await expect(contract.connect(caller)[name](...emptyArgs(contract, name))).to.be.revertedWithCustomError(contract, 'OnlySelf')
    })
  }

  it('lets no key on a server touch units that somebody holds', async () => {
    const world = await networkHelpers.loadFixture(oneKeyPerRole)
    const { ledger, keys, alice, bob, mint } = world
    await mint(alice, 10, { id: ethers.id('held') })
    const id = ethers.id('held')
    for (const role of HOT) {
      const by = ledger.connect(keys[role]!)
      for (const call of [
        () => by.safeTransferFrom(alice, bob, PROJECT, 1, '0x'),
        () => by.safeBatchTransferFrom(alice, bob, [PROJECT], [1], '0x'),
        () => by.forcedTransfer(alice, bob, PROJECT, 1),
        () => by.transferLots([id], bob, ZERO_HASH),
        () => by.reverseInvestment(id, ZERO_HASH),
        () => by.setFrozenTokens(alice, PROJECT, 1),
        () => by.relinkWallet(alice, bob, { flags: 3, expiry: 1, country: 0, class: 0, investorId: 1 }),
        () => by.moveHoldings(alice, [PROJECT]),
        () => by.exitBatch(PROJECT, [alice]),
      ])
        await expect(call(), role).to.be.revert(ethers)
    }
    expect(await ledger.balanceOf(alice, PROJECT)).to.equal(10n)
  })

  for (const target of TARGETS) {
    it(`never asks who signed a forwarded request: no officer of the ${target} can act through the forwarder`, async () => {
      const world = await networkHelpers.loadFixture(oneKeyPerRole)
      const contract = world[target]
      const { asForwarder, forwarded } = await throughForwarder(world, contract)
      // Whatever role the access manager asks for, this one would have it.
      const officer = world.admin
      for (const name of GUARDED[target])
        await expect(forwarded(name, officer), name)
          .to.be.revertedWithCustomError(contract, 'AccessManagedUnauthorized')
          .withArgs(asForwarder)
      for (const [name, { role }] of Object.entries(OF_ROLES).filter(([, one]) => one.target === target))
        await expect(forwarded(name, world.keys[role]!), name)
          .to.be.revertedWithCustomError(contract, 'MissingRole')
          .withArgs(asForwarder, ROLE[role])
      for (const name of OF_TREASURER[target] ?? [])
        await expect(forwarded(name, world.keys.treasurer!), name)
          .to.be.revertedWithCustomError(contract, 'MissingRole')
          .withArgs(asForwarder, ROLE.treasurer)
    })

    it(`lets no forwarder pass for the access manager and hand the ${target} to another authority`, async () => {
      const world = await networkHelpers.loadFixture(oneKeyPerRole)
      const contract = world[target]
      const { asForwarder, forwarded } = await throughForwarder(world, contract)
      const evil: AnyContract = await ethers.deployContract('AccessManager', [world.stranger])
      await expect(forwarded('setAuthority', world.manager, [await evil.getAddress()]))
        .to.be.revertedWithCustomError(contract, 'AccessManagedUnauthorized')
        .withArgs(asForwarder)
      expect(await contract.authority()).to.equal(await world.manager.getAddress())
      // The manager itself still can.
      await world.manager.connect(world.admin).updateAuthority(contract, evil)
      expect(await contract.authority()).to.equal(await evil.getAddress())
    })
  }
})

describe('One role per address', () => {
  it('is given, replaced and taken away by the administrator', async () => {
    const { ledger, admin, operator, stranger } = await networkHelpers.loadFixture(deployed)
    const set = (role: number, by: Signer = admin) => ledger.connect(by).setRole(stranger, role)
    await expect(set(ROLE.minter, operator)).to.be.revertedWithCustomError(ledger, 'AccessManagedUnauthorized').withArgs(operator)
    for (const role of [ROLE.minter, ROLE.sale, ROLE.none]) {
      await expect(set(role)).to.emit(ledger, 'RoleSet').withArgs(stranger, role)
      expect(await ledger.roleOf(stranger)).to.equal(role)
    }
  })

  it('is never that of the zero address', async () => {
    const { ledger, admin } = await networkHelpers.loadFixture(deployed)
    for (const role of [ROLE.none, ROLE.paymentAttestor, ROLE.minter])
      await expect(ledger.connect(admin).setRole(ethers.ZeroAddress, role))
        .to.be.revertedWithCustomError(ledger, 'InvalidRole')
        .withArgs(ethers.ZeroAddress, role)
  })

  it('is the vault’s for a vault of this ledger only: it can never be corrected', async () => {
    const { manager, forwarder, admin, stranger, token, vault } = await networkHelpers.loadFixture(deployed)
    const ledger = await deployLedger(manager, forwarder)
    const set = (account: AnyContract) => ledger.connect(admin).setRole(account, ROLE.vault)
    // A key, a contract that doesn't know the question, and the vault of another ledger.
    for (const account of [stranger, token, vault])
      await expect(set(account)).to.be.revertedWithCustomError(ledger, 'InvalidRole').withArgs(account, ROLE.vault)
    const own = await ethers.deployContract('TerraLuminaVault', [manager, forwarder, ledger, DAY])
    await set(own)
    expect(await ledger.roleOf(own)).to.equal(ROLE.vault)
  })

  it('is never given to a second vault, nor taken from the first', async () => {
    const { ledger, vault, admin, stranger } = await networkHelpers.loadFixture(deployed)
    for (const [account, role] of [
      [stranger, ROLE.vault],
      [vault, ROLE.vault],
      [vault, ROLE.none],
      [vault, ROLE.minter],
    ])
      await expect(ledger.connect(admin).setRole(account, role)).to.be.revertedWithCustomError(ledger, 'VaultIsFixed').withArgs(account)
  })
})

describe('A role with a delay', () => {
  it('does only what was announced, after its time, and may be stopped by its guardian', async () => {
    const { manager, ledger, admin, operator, stranger, alice, bob, mint } = await networkHelpers.loadFixture(deployed)
    const [enforcer, guardian] = [7n, 4n]
    await mint(alice, 10)
    await manager.connect(admin).setTargetFunctionRole(ledger, [ledger.interface.getFunction('forcedTransfer').selector], enforcer)
    await manager.connect(admin).grantRole(enforcer, stranger, DAY)
    await manager.connect(admin).setRoleGuardian(enforcer, guardian)
    await manager.connect(admin).grantRole(guardian, operator, 0)
    const args = [alice.address, bob.address, PROJECT, 4]
    const data = ledger.interface.encodeFunctionData('forcedTransfer', args)
    const force = () => ledger.connect(stranger).forcedTransfer(...args)
    await expect(force()).to.be.revertedWithCustomError(manager, 'AccessManagerNotScheduled')
    await manager.connect(stranger).schedule(ledger, data, 0)
    await expect(force()).to.be.revertedWithCustomError(manager, 'AccessManagerNotReady')
    await manager.connect(operator).cancel(stranger, ledger, data)
    await networkHelpers.time.increase(DAY)
    await expect(force()).to.be.revertedWithCustomError(manager, 'AccessManagerNotScheduled')
    await manager.connect(stranger).schedule(ledger, data, 0)
    await networkHelpers.time.increase(DAY)
    await force()
    expect(await ledger.balanceOf(bob, PROJECT)).to.equal(4n)
    await expect(force()).to.be.revertedWithCustomError(manager, 'AccessManagerNotScheduled')
  })
})

describe('The authority', () => {
  it('is fixed by the access manager and can be changed by nobody else', async () => {
    const world = await networkHelpers.loadFixture(deployed)
    for (const target of TARGETS) {
      const contract = world[target]
      expect(await contract.authority()).to.equal(await world.manager.getAddress())
      await expect(contract.connect(world.admin).setAuthority(world.manager), target)
        .to.be.revertedWithCustomError(contract, 'AccessManagedUnauthorized')
        .withArgs(world.admin)
    }
  })
})

/** Every role of the ledger in the hands of a signer of its own. */
async function oneKeyPerRole() {
  const world = await deployed()
  const { minter, payments, attestor, treasurer, registry, cashier, seller, elector } = world
  const keys: Record<string, Signer> = {
    minter,
    paymentAttestor: payments,
    identityAttestor: attestor,
    treasurer,
    registrar: registry,
    vault: cashier,
    sale: seller,
    governor: elector,
  }
  return { ...world, keys }
}

/** Calls from the forwarder's own address, with the address at the end that it would append for a signer. */
async function throughForwarder({ forwarder }: { forwarder: AnyContract }, contract: AnyContract) {
  const asForwarder = await ethers.getImpersonatedSigner(await forwarder.getAddress())
  await networkHelpers.setBalance(asForwarder.address, 10n ** 18n)
  const forwarded = async (name: string, caller: AnyContract, args: unknown[] = emptyArgs(contract, name)) =>
    asForwarder.sendTransaction({
      to: contract,
      data: ethers.concat([contract.interface.encodeFunctionData(name, args), await ethers.resolveAddress(caller)]),
    })
  return { asForwarder, forwarded }
}

/** Names of the functions that are no views. */
function writing(contract: AnyContract): string[] {
  return contract.interface.fragments
    .filter((part: AnyContract) => part.type === 'function' && !['view', 'pure'].includes(part.stateMutability))
    .map((part: AnyContract) => part.name)
}

/** Arguments that mean nothing: who may call is asked before they are. */
function emptyArgs(contract: AnyContract, name: string): unknown[] {
  return contract.interface.getFunction(name).inputs.map(emptyValue)
}

function emptyValue({ baseType, components, arrayLength }: AnyContract): unknown {
  if (baseType === 'tuple') return components.map(emptyValue)
  if (baseType === 'array') return Array.from({ length: Math.max(arrayLength, 0) }, () => 0)
  if (baseType === 'address') return ethers.ZeroAddress
  if (baseType === 'string') return ''
  if (baseType === 'bytes') return '0x'
  if (baseType === 'bytes32') return ZERO_HASH
  if (baseType === 'bool') return false
  return 0
}

/** The custom error that a call ends with, and its first argument; undefined when it goes through or ends otherwise. */
async function errorOf(contract: AnyContract, call: Promise<unknown>): Promise<string | undefined> {
  try {
    await call
    return undefined
  } catch (error) {
    const data = (error as { data?: string }).data
    const parsed = data === undefined ? null : contract.interface.parseError(data)
    return parsed === null ? undefined : [parsed.name, ...parsed.args.slice(0, 1)].join(' ')
  }
}
