import { expect } from 'chai'
import {
  type AnyContract,
  BOTH_WAYS,
  CODE,
  deployed,
  ethers,
  FLAG,
  FOREVER,
  networkHelpers,
  PROJECT,
  ROLE,
  STATE,
  terms,
  ZERO,
  ZERO_HASH,
} from './fixture.ts'

type World = Awaited<ReturnType<typeof deployed>>
const MAX = 2n ** 256n - 1n
const ALL_ONES = `0x${'f'.repeat(40)}`

/** Every standard the ledger speaks, by the signatures that its text gives. */
const STANDARDS: [string, string, string[]][] = [
  ['ERC-165', '0x01ffc9a7', ['supportsInterface(bytes4)']],
  [
    'ERC-1155',
    '0xd9b67a26',
    [
      'balanceOf(address,uint256)',
      'balanceOfBatch(address[],uint256[])',
      'setApprovalForAll(address,bool)',
      'isApprovedForAll(address,address)',
      'safeTransferFrom(address,address,uint256,uint256,bytes)',
      'safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)',
    ],
  ],
  ['ERC-1155 metadata', '0x0e89341c', ['uri(uint256)']],
  [
    'ERC-7943 for several tokens',
    '0x41c4fbad',
    [
      'forcedTransfer(address,address,uint256,uint256)',
      'setFrozenTokens(address,uint256,uint256)',
      'canSend(address)',
      'canReceive(address)',
      'getFrozenTokens(address,uint256)',
      'canTransfer(address,address,uint256,uint256)',
    ],
  ],
  ['ERC-5615', '0xf2d03e40', ['totalSupply(uint256)', 'exists(uint256)']],
]

describe('The interfaces of the ledger', () => {
  for (const [name, id, signatures] of STANDARDS) {
    it(`answer for ${name}, whose id is made of its selectors`, async () => {
      const { ledger } = await networkHelpers.loadFixture(deployed)
      const made = signatures.reduce((sum, each) => sum ^ BigInt(ethers.dataSlice(ethers.id(each), 0, 4)), 0n)
      expect(ethers.toBeHex(made, 4)).to.equal(id)
      expect(await ledger.supportsInterface(id)).to.equal(true)
      for (const signature of signatures) expect(ledger.interface.getFunction(signature), signature).not.to.equal(null)
    })
  }

  it('are no others', async () => {
    const { ledger } = await networkHelpers.loadFixture(deployed)
    const others = ['0xffffffff', '0x00000000', '0x4e2312e0', '0x80ac58cd', '0x7965db0b', '0x29388973', '0x3edbb4c4']
    for (const id of others) expect(await ledger.supportsInterface(id), id).to.equal(false)
  })

  it('have the events and errors of ERC-7943 by their signatures', async () => {
    const { ledger } = await networkHelpers.loadFixture(deployed)
    for (const event of ['ForcedTransfer(address,address,uint256,uint256)', 'Frozen(address,uint256,uint256)'])
      expect(ledger.interface.getEvent(event), event).not.to.equal(null)
    for (const error of [
      'ERC7943CannotSend(address)',
      'ERC7943CannotReceive(address)',
      'ERC7943CannotTransfer(address,address,uint256,uint256)',
      'ERC7943InsufficientUnfrozenBalance(address,uint256,uint256,uint256)',
    ])
      expect(ledger.interface.getError(error), error).not.to.equal(null)
  })

  it('say whether an account may send and receive at all', async () => {
    const { ledger, dave, setAccount } = await networkHelpers.loadFixture(deployed)
    const now = await networkHelpers.time.latest()
    for (const [flags, expiry, send, receive] of [
      [0, FOREVER, false, false],
      [FLAG.send, FOREVER, true, false],
      [FLAG.receive, FOREVER, false, true],
      [BOTH_WAYS, FOREVER, true, true],
      [BOTH_WAYS, now - 1, true, false],
      [BOTH_WAYS | FLAG.frozen, FOREVER, false, false],
      [FLAG.lockExempt, FOREVER, false, false],
    ] as const) {
      await setAccount(dave, { flags, expiry })
      expect([await ledger.canSend(dave), await ledger.canReceive(dave)], `flags ${flags}, expiry ${expiry}`).to.deep.equal([send, receive])
    }
  })
})

/** Every state a project and a holder can be in, with Alice as the holder of project 7. */
const STATES: [string, (world: World) => Promise<unknown>][] = [
  ['nothing is special', async () => undefined],
  ['the ledger is paused', ({ ledger, operator }) => ledger.connect(operator).pause()],
  ['the project is paused', ({ ledger, operator }) => ledger.connect(operator).setProjectState(PROJECT, STATE.paused, ZERO_HASH)],
  ['more is frozen than there is', ({ ledger, operator, alice }) => ledger.connect(operator).setFrozenTokens(alice, PROJECT, MAX)],
  ['all is locked', ({ mint, alice }) => mint(alice, 10, { unlockDay: 65_535 })],
  ['a lock-up is over', ({ mint, alice }) => mint(alice, 10, { unlockDay: 1 })],
  ['the rules contract reverts', withRules('RevertingRules')],
  ['the rules contract burns all gas', withRules('GreedyRules')],
  ['the rules contract answers hugely', withRules('HugeRules')],
  ['all countries are blocked', ({ ledger, admin }) => ledger.connect(admin).setBlockedCountries(PROJECT, [MAX, MAX, MAX, MAX])],
  ['the holder has expired', ({ setAccount, alice }) => setAccount(alice, { expiry: 0 })],
  ['the holder is frozen', ({ setAccount, alice }) => setAccount(alice, { flags: 15 })],
  ['the holder is relinked', relinked],
  [
    'the holder is relinked and moved',
    async (world) => {
      await relinked(world)
      await world.ledger.moveHoldings(world.alice, [PROJECT])
    },
  ],
  ['the exit is announced', ({ ledger, operator, dao }) => ledger.connect(operator).announceExit(PROJECT, dao, 2 ** 40 - 1)],
  ['the exit runs', ({ beginExit }) => beginExit()],
  [
    'the holder is exited',
    async ({ beginExit, ledger, alice }) => {
      await beginExit()
      await ledger.exitBatch(PROJECT, [alice])
    },
  ],
  [
    'the exit is over',
    async ({ beginExit, ledger, alice, openEpoch }) => {
      await beginExit()
      await ledger.exitBatch(PROJECT, [alice])
      await ledger.finalizeExit(PROJECT)
      await openEpoch(2n ** 112n - 1n)
    },
  ],
]

function withRules(name: 'RevertingRules' | 'GreedyRules' | 'HugeRules') {
  return async ({ ledger, admin }: World) => ledger.connect(admin).setRules(PROJECT, await ethers.deployContract(name))
}
async function relinked({ ledger, registry, setAccount, alice, carol }: World) {
  const record = { flags: BOTH_WAYS, expiry: FOREVER, country: 1, class: 0, investorId: 5 }
  await setAccount(alice, record)
  await setAccount(carol, record)
  await ledger.connect(registry).relinkWallet(alice, carol, record)
}

describe('Views', () => {
  for (const [name, prepare] of STATES) {
    it(`never revert, whatever they are asked, when ${name}`, async () => {
      const world = await networkHelpers.loadFixture(deployed)
      const { ledger, alice, carol, dao, mint, openEpoch } = world
      await mint(alice, 100)
      await openEpoch(2n ** 112n - 1n)
      await prepare(world)
      const accounts = [ZERO, ALL_ONES, alice, carol, dao, ledger]
      const ids = [0, PROJECT, 2n ** 24n + 7n, MAX]
      const numbers = [0n, 1n, 101n, 2n ** 56n, MAX]
      const calls: Promise<unknown>[] = []
      const ask = (view: string, ...args: unknown[]) => calls.push(ledger[view](...args))
      for (const account of accounts) {
        for (const view of ['canSend', 'canReceive', 'accountOf', 'roleOf', 'successorOf', 'nonces']) ask(view, account)
        for (const id of ids) {
          for (const view of ['getFrozenTokens', 'movableOf', 'balanceOf']) ask(view, account, id)
          for (const view of ['holdingOf', 'claimableOf']) ask(view, id, account)
          for (const number of numbers) ask('balanceAt', account, id, number)
        }
      }
      for (const id of ids) {
        for (const view of ['projectOf', 'uri', 'totalSupply', 'exists', 'exitOf', 'mintedToday', 'blockedCountriesOf', 'payoutTokenOf'])
          ask(view, id)
        for (const number of numbers) for (const view of ['supplyAt', 'cumulativeAt']) ask(view, id, number)
      }
      for (const id of [ZERO_HASH, ethers.id('x')]) for (const view of ['receiptOf', 'lotOf']) ask(view, id)
      await Promise.all(calls)
      for (const from of [ZERO, alice, ALL_ONES])
        for (const to of [ZERO, alice, carol, dao])
          for (const id of ids)
            for (const number of numbers) {
              const code = await ledger.detectTransferRestriction(from, to, id, number)
              expect(await ledger.canTransfer(from, to, id, number)).to.equal(code === BigInt(CODE.ok))
              await ledger.detectTransferRestrictionFrom(carol, from, to, id, number)
            }
    })
  }
})

describe('Roles', () => {
  it('are told by an event and by a view, one per address', async () => {
    const { ledger, admin, stranger } = await networkHelpers.loadFixture(deployed)
    for (const role of [ROLE.minter, ROLE.treasurer, ROLE.none]) {
      await expect(ledger.connect(admin).setRole(stranger, role)).to.emit(ledger, 'RoleSet').withArgs(stranger, role)
      expect(await ledger.roleOf(stranger)).to.equal(role)
    }
    await expect(ledger.connect(admin).setRole(stranger, 9)).to.revert(ethers)
  })

  it('of the vault is given once and never taken', async () => {
    const { ledger, admin, vault, stranger } = await networkHelpers.loadFixture(deployed)
    for (const [account, role] of [
      [stranger, ROLE.vault],
      [vault, ROLE.vault],
      [vault, ROLE.none],
      [vault, ROLE.minter],
    ] as const)
      await expect(ledger.connect(admin).setRole(account, role)).to.be.revertedWithCustomError(ledger, 'VaultIsFixed').withArgs(account)
  })
})

describe('The ledger’s deployment', () => {
  it('fixes forwarder, notice and name for ever', async () => {
    const { ledger, forwarder, manager, token, operator } = await networkHelpers.loadFixture(deployed)
    expect(await ledger.isTrustedForwarder(forwarder)).to.equal(true)
    expect(await ledger.trustedForwarder()).to.equal(await forwarder.getAddress())
    expect(await ledger.authority()).to.equal(await manager.getAddress())
    expect(await ledger.minNoticeSeconds()).to.equal(30 * 86_400)
    await ledger.connect(operator).createProject(9, terms(await token.getAddress()))
    const names = ledger.interface.fragments.filter((each: AnyContract) => each.type === 'function').map((each: AnyContract) => each.name)
    for (const name of ['upgradeTo', 'upgradeToAndCall', 'initialize', 'transferOwnership', 'grantRole', 'setForwarder'])
      expect(names).not.to.include(name)
  })
})
