import { expect } from 'chai'
import { type AnyContract, BOTH_WAYS, CODE, deployed, ethers, networkHelpers, PROJECT, type Signer, ZERO } from './fixture.ts'

const WORD = (value: bigint | number) => ethers.toBeHex(value, 32)

async function withHolders() {
  const world = await deployed()
  const { ledger, admin, alice, bob, mint } = world
  await mint(alice, 100)
  const code = (from: Signer | string = alice, to: Signer = bob, units: number | bigint = 1) =>
    ledger.detectTransferRestriction(from, to, PROJECT, units)
  const setRules = (rules: AnyContract) => ledger.connect(admin).setRules(PROJECT, rules)
  return { ...world, code, setRules }
}

describe('A rules contract', () => {
  it('is told by an event, when it comes and when it goes', async () => {
    const { ledger, setRules } = await networkHelpers.loadFixture(withHolders)
    const rules = await ethers.deployContract('RawRules', [WORD(0)])
    await expect(setRules(rules)).to.emit(ledger, 'RulesSet').withArgs(PROJECT, rules)
    expect((await ledger.projectOf(PROJECT)).rules).to.equal(await rules.getAddress())
    await expect(setRules(ZERO)).to.emit(ledger, 'RulesSet').withArgs(PROJECT, ZERO)
    expect((await ledger.projectOf(PROJECT)).rules).to.equal(ZERO)
  })

  it('must be a contract', async () => {
    const { ledger, setRules, stranger } = await networkHelpers.loadFixture(withHolders)
    await expect(setRules(stranger)).to.be.revertedWithCustomError(ledger, 'InvalidRules').withArgs(stranger)
  })

  it('is asked with sender, receiver, project and units, of transfers, batches and mints', async () => {
    const { ledger, setRules, alice, bob, mint, send } = await networkHelpers.loadFixture(withHolders)
    const rules: AnyContract = await ethers.deployContract('ScriptedRules')
    await setRules(rules)
    await rules.expectQuestion(alice, bob, PROJECT, 3, 0)
    await send(alice, bob, 3)
    await ledger.connect(alice).safeBatchTransferFrom(alice, bob, [PROJECT, PROJECT], [3, 3], '0x')
    await expect(send(alice, bob, 4))
      .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
      .withArgs(99, alice, bob, PROJECT, 4, 0)
    await rules.expectQuestion(ZERO, bob, PROJECT, 5, 0)
    await mint(bob, 5)
    await expect(mint(bob, 6)).to.be.revertedWithCustomError(ledger, 'TransferRestricted').withArgs(99, ZERO, bob, PROJECT, 6, 0)
    await rules.expectQuestion(alice, bob, PROJECT, 2n ** 256n - 1n, 77)
    expect(await ledger.detectTransferRestriction(alice, bob, PROJECT, 2n ** 256n - 1n)).to.equal(77)
  })

  it('is not asked by other projects, nor of forced transfers and exits', async () => {
    const { ledger, setRules, operator, alice, bob, dao, createProject, mint, send, beginExit } =
      await networkHelpers.loadFixture(withHolders)
    await createProject(8)
    await mint(alice, 5, { projectId: 8 })
    await setRules(await ethers.deployContract('RevertingRules'))
    await send(alice, bob, 5, 8)
    await ledger.connect(operator).forcedTransfer(alice, bob, PROJECT, 1)
    await beginExit()
    await ledger.exitBatch(PROJECT, [alice, bob])
    expect(await ledger.balanceOf(dao, PROJECT)).to.equal(100)
  })

  const ANSWERS: [string, string, number][] = [
    ['zero', WORD(0), CODE.ok],
    ...Array.from({ length: 16 }, (_, index): [string, string, number] => [
      `the ledger’s code ${index + 1}`,
      WORD(index + 1),
      CODE.rulesFailed,
    ]),
    ['its first code', WORD(17), 17],
    ['its last code', WORD(255), 255],
    ['more than a byte', WORD(256), CODE.rulesFailed],
    ['zero and more than a byte', WORD(2n ** 255n), CODE.rulesFailed],
    ['garbage', ethers.id('garbage'), CODE.rulesFailed],
    ['nothing', '0x', CODE.rulesFailed],
    ['31 bytes', ethers.zeroPadBytes('0x', 31), CODE.rulesFailed],
    ['33 bytes', ethers.zeroPadBytes('0x', 33), CODE.rulesFailed],
    ['two words', ethers.zeroPadBytes('0x', 64), CODE.rulesFailed],
  ]
  for (const [what, answer, expected] of ANSWERS) {
    it(`that answers ${what} gives code ${expected}`, async () => {
      const { ledger, setRules, alice, bob, code, send } = await networkHelpers.loadFixture(withHolders)
      await setRules(await ethers.deployContract('RawRules', [answer]))
      expect(await code()).to.equal(expected)
      expect(await ledger.canTransfer(alice, bob, PROJECT, 1)).to.equal(expected === CODE.ok)
      if (expected === CODE.ok) await send(alice, bob, 1)
      else
        await expect(send(alice, bob, 1))
          .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
          .withArgs(expected, alice, bob, PROJECT, 1, 0)
    })
  }

  for (const name of ['RevertingRules', 'GreedyRules', 'HugeRules', 'WritingRules', 'PlainContract'] as const) {
    it(`that fails like ${name} refuses, never reverts a view, costs a bounded amount of gas and can be removed`, async () => {
      const { ledger, setRules, alice, bob, code, mint, send } = await networkHelpers.loadFixture(withHolders)
      await setRules(await ethers.deployContract(name))
      expect(await code()).to.equal(CODE.rulesFailed)
      expect(await code(ZERO, bob)).to.equal(CODE.rulesFailed)
      for (const [from, call] of [
        [alice, () => send(alice, bob, 1)],
        [ZERO, () => mint(bob, 1)],
      ] as const) {
        await expect(call())
          .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
          .withArgs(CODE.rulesFailed, from, bob, PROJECT, 1, 0)
      }
      expect(await ledger.detectTransferRestriction(alice, bob, PROJECT, 1, { gasLimit: 400_000 })).to.equal(CODE.rulesFailed)
      await setRules(ZERO)
      await send(alice, bob, 1)
    })
  }

  it('that vanishes refuses', async () => {
    const { setRules, code } = await networkHelpers.loadFixture(withHolders)
    const rules = await ethers.deployContract('RawRules', [WORD(0)])
    await setRules(rules)
    expect(await code()).to.equal(CODE.ok)
    await networkHelpers.setCode(await rules.getAddress(), '0x')
    expect(await code()).to.equal(CODE.rulesFailed)
  })
})

describe('Countries', () => {
  /** Sets the bits of these countries. */
  const bitmap = (...countries: number[]) =>
    Array.from({ length: 4 }, (_, word) =>
      countries.filter((each) => each >> 8 === word).reduce((sum, each) => sum | (1n << BigInt(each & 255)), 0n),
    )

  it('are told by an event and by a view', async () => {
    const { ledger, admin } = await networkHelpers.loadFixture(withHolders)
    const list = bitmap(0, 276, 643, 1023)
    await expect(ledger.connect(admin).setBlockedCountries(PROJECT, list)).to.emit(ledger, 'CountriesSet').withArgs(PROJECT, list)
    expect(await ledger.blockedCountriesOf(PROJECT)).to.deep.equal(list)
  })

  it('are blocked one by one, in every word of the map', async () => {
    const { ledger, admin, bob, setAccount, code } = await networkHelpers.loadFixture(withHolders)
    const blocked = [0, 255, 256, 276, 511, 512, 643, 768, 1023]
    await ledger.connect(admin).setBlockedCountries(PROJECT, bitmap(...blocked))
    for (const country of [...blocked, 1, 254, 257, 275, 277, 510, 513, 642, 767, 769, 1022]) {
      await setAccount(bob, { country })
      expect(await code(), `country ${country}`).to.equal(blocked.includes(country) ? CODE.country : CODE.ok)
    }
  })

  it('beyond the map are blocked as soon as any country is', async () => {
    const { ledger, admin, alice, bob, setAccount, code, send } = await networkHelpers.loadFixture(withHolders)
    await ledger.connect(admin).setBlockedCountries(PROJECT, bitmap(8))
    for (const country of [1024, 65_535]) {
      await setAccount(bob, { country })
      expect(await code()).to.equal(CODE.country)
      await expect(send(alice, bob, 1))
        .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
        .withArgs(CODE.country, alice, bob, PROJECT, 1, country)
    }
    await ledger.connect(admin).setBlockedCountries(PROJECT, bitmap())
    expect(await code()).to.equal(CODE.ok)
  })

  it('bind receivers and not senders', async () => {
    const { ledger, admin, alice, setAccount, code } = await networkHelpers.loadFixture(withHolders)
    await setAccount(alice, { country: 8, flags: BOTH_WAYS })
    await ledger.connect(admin).setBlockedCountries(PROJECT, bitmap(8))
    expect(await code()).to.equal(CODE.ok)
  })

  it('are asked before the rules contract, and either can go without the other', async () => {
    const { ledger, admin, setRules, code } = await networkHelpers.loadFixture(withHolders)
    await setRules(await ethers.deployContract('RawRules', [WORD(20)]))
    for (const word of [0, 1, 2, 3]) {
      const list = [0, 1, 2, 3].map((each) => (each === word ? 2n ** 256n - 1n : 0n))
      await ledger.connect(admin).setBlockedCountries(PROJECT, list)
      expect(await code()).to.equal(word === 1 ? CODE.country : 20)
    }
    await setRules(ZERO)
    expect(await code()).to.equal(CODE.ok)
    await ledger.connect(admin).setBlockedCountries(PROJECT, bitmap(276))
    expect(await code()).to.equal(CODE.country)
    await setRules(await ethers.deployContract('RawRules', [WORD(20)]))
    await ledger.connect(admin).setBlockedCountries(PROJECT, bitmap())
    expect(await code()).to.equal(20)
  })
})
