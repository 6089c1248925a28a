import { expect } from 'chai'
import { type AnyContract, DAY, deployed, ethers, NOTICE, networkHelpers, PROJECT, STATE, ZERO } from './fixture.ts'
import { deployGovernor } from './governor-scene.ts'
import { callBySafe, deploySafe } from './safes.ts'

const ACCEPTED = ethers.zeroPadBytes(ethers.id('onERC1155Received(address,address,uint256,uint256,bytes)').slice(0, 10), 32)

/** Project 7 with units, ready for its exit; `announce` chooses the community DAO. */
async function exitable() {
  const world = await deployed()
  await world.mint(world.alice, 60)
  await world.mint(world.bob, 40)
  const announce = async (dao: AnyContract) =>
    world.ledger.connect(world.operator).announceExit(PROJECT, dao, (await networkHelpers.time.latest()) + NOTICE + 1000)
  const refuses = async (dao: AnyContract) => {
    await expect(announce(dao)).to.be.revertedWithCustomError(world.ledger, 'DaoCannotReceive').withArgs(dao)
    expect((await world.ledger.projectOf(PROJECT)).state).to.equal(STATE.active)
    expect((await world.ledger.exitOf(PROJECT)).dao).to.equal(ZERO)
  }
  const accepts = async (dao: AnyContract) => {
    await expect(announce(dao)).to.emit(world.ledger, 'ExitAnnounced')
    expect((await world.ledger.exitOf(PROJECT)).dao).to.equal(await dao.getAddress())
  }
  const begin = async () => {
    await networkHelpers.time.increase(NOTICE + 1010)
    return world.ledger.connect(world.operator).beginExit(PROJECT)
  }
  return { ...world, announce, refuses, accepts, begin }
}

describe('An exit is announced to', () => {
  it('the timelock of the community', async () => {
    const { accepts, operator } = await networkHelpers.loadFixture(exitable)
    await accepts(await ethers.deployContract('CommunityDao', [DAY, [operator], [ZERO], ZERO]))
  })

  it('a Safe with its handler', async () => {
    const { accepts, stranger } = await networkHelpers.loadFixture(exitable)
    await accepts(await deploySafe(stranger, { handled: true }))
  })

  it('any other contract that answers as ERC-1155 asks, however long its answer', async () => {
    const { accepts } = await networkHelpers.loadFixture(exitable)
    await accepts(await ethers.deployContract('BlobReceiver', [ACCEPTED, 100_000]))
  })
})

describe('An exit is never announced to', () => {
  it('a Safe without a handler', async () => {
    const { refuses, stranger } = await networkHelpers.loadFixture(exitable)
    await refuses(await deploySafe(stranger, { handled: false }))
  })

  it('a governor whose timelock executes for it', async () => {
    const { refuses, operator, ledger } = await networkHelpers.loadFixture(exitable)
    const timelock = await ethers.deployContract('CommunityDao', [DAY, [operator], [ZERO], ZERO])
    await refuses(await deployGovernor(ledger, timelock))
  })

  it('a contract that was not made to receive', async () => {
    const { refuses, token } = await networkHelpers.loadFixture(exitable)
    await refuses(await ethers.deployContract('PlainContract'))
    await refuses(token)
  })

  it('the ledger itself', async () => {
    const { refuses, ledger } = await networkHelpers.loadFixture(exitable)
    await refuses(ledger)
  })

  it('an account without code, which could not be a community', async () => {
    const { refuses, stranger } = await networkHelpers.loadFixture(exitable)
    await refuses(stranger)
  })

  it('nobody', async () => {
    const { announce, ledger } = await networkHelpers.loadFixture(exitable)
    await expect(announce(ZERO)).to.be.revertedWithCustomError(ledger, 'DaoCannotReceive').withArgs(ZERO)
  })

  for (const [what, name, args] of [
    ['reverts', 'RefusingReceiver', []],
    ['uses up all gas', 'GreedyReceiver', []],
    ['answers nothing', 'SilentContract', []],
    ['answers with another value', 'WrongAnswerReceiver', []],
    ['answers too short', 'BlobReceiver', [ACCEPTED, 4]],
    ['answers one byte too short', 'BlobReceiver', [ACCEPTED, 31]],
    ['answers with garbage behind the right value', 'BlobReceiver', [`${ACCEPTED.slice(0, 10)}${'ff'.repeat(28)}`, 32]],
    ['answers with a blob of zeros', 'BlobReceiver', [ethers.ZeroHash, 500_000]],
  ] as const) {
    it(`a contract that ${what}`, async () => {
      const { refuses } = await networkHelpers.loadFixture(exitable)
      await refuses(await ethers.deployContract(name, [...args]))
    })
  }
})

describe('A community DAO that stops accepting', () => {
  it('before the exit begins keeps it from beginning, and the exit can be called off', async () => {
    const { accepts, begin, ledger, operator } = await networkHelpers.loadFixture(exitable)
    const fickle: AnyContract = await ethers.deployContract('FickleReceiver')
    await accepts(fickle)
    await fickle.close(true)
    await expect(begin()).to.be.revertedWithCustomError(ledger, 'DaoCannotReceive').withArgs(fickle)
    await ledger.connect(operator).cancelExit(PROJECT)
    expect((await ledger.projectOf(PROJECT)).state).to.equal(STATE.active)
  })

  it('while units move loses none of them', async () => {
    const { accepts, begin, ledger, alice, bob } = await networkHelpers.loadFixture(exitable)
    const fickle: AnyContract = await ethers.deployContract('FickleReceiver')
    await accepts(fickle)
    await begin()
    await ledger.exitBatch(PROJECT, [alice])
    await fickle.close(true)
    await expect(ledger.exitBatch(PROJECT, [bob])).to.be.revert(ethers)
    expect(await ledger.balanceOf(bob, PROJECT)).to.equal(40)
    await fickle.close(false)
    await ledger.exitBatch(PROJECT, [bob])
    expect(await ledger.balanceOf(fickle, PROJECT)).to.equal(100)
  })
})

describe('A project that exited to a Safe', () => {
  it('is the Safe’s for ever, and the Safe claims what it earns', async () => {
    const { announce, begin, ledger, vault, token, alice, bob, stranger, distribute } = await networkHelpers.loadFixture(exitable)
    const safe = await deploySafe(stranger, { handled: true })
    await distribute(1_000)
    await announce(safe)
    await begin()
    await ledger.exitBatch(PROJECT, [alice, bob])
    await expect(ledger.finalizeExit(PROJECT)).to.emit(ledger, 'ProjectExited').withArgs(PROJECT, safe, 100)
    expect(await ledger.balanceOf(safe, PROJECT)).to.equal(100)
    await distribute(500)
    await expect(callBySafe(safe, stranger, vault, 'claim', [[PROJECT]])).to.changeTokenBalances(ethers, token, [safe], [500])
    await expect(vault.claimFor(PROJECT, alice)).to.changeTokenBalances(ethers, token, [alice], [600])
  })
})
