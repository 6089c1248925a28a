import { expect } from 'chai'
import { ethers, FLAG, networkHelpers, random, type Signer, ZERO } from './fixture.ts'
import { attestationOf, FAR, registry, sign, type World } from './registrar-scene.ts'

const STEPS = 600
const SEED = 20_261_121
const INVESTORS = [1n, 2n, 6n, 7n, 300n]

/** What the registrar should know, kept without looking at it. */
interface Model {
  /** Per investor: the active wallet, and when what it was last told was issued. */
  people: Map<bigint, { wallet?: string; issuedAt: number }>
  /** Per wallet: whose it is for ever, and what became of it. */
  wallets: Map<string, { owner: bigint; successor?: string; flags: number }>
}

describe('The registrar, whatever comes', () => {
  it(`agrees with a model of it over ${STEPS} random registrations, relinks and revocations (seed ${SEED})`, async function () {
    this.timeout(120_000)
    const world = await networkHelpers.loadFixture(registry)
    const below = random(SEED)
    const wallets = Array.from({ length: 120 }, (_, index) => ethers.getAddress(ethers.dataSlice(ethers.id(`wallet ${index}`), 12)))
    const model: Model = { people: new Map(), wallets: new Map() }
    const pick = <T>(list: readonly T[]): T => list[below(list.length)]!
    let now = 1_000
    const done = { register: 0, relink: 0, revoke: 0, refused: 0 }
    for (let step = 0; step < STEPS; step++) {
      const kind = pick(['register', 'register', 'relink', 'revoke'] as const)
      // Mostly newer than everything before, sometimes not.
      const issuedAt = below(5) === 0 ? Math.max(1, now - below(20)) : ++now
      const investorId = pick(INVESTORS)
      // Mostly what concerns the investor, sometimes anybody's.
      const own = wallets.filter((wallet) => model.wallets.get(wallet)?.owner === investorId)
      const [mine, any] = [() => (own.length > 0 && below(6) > 0 ? pick(own) : pick(wallets)), () => pick(wallets)]
      const [account, replaces] = kind === 'relink' && below(4) > 0 ? [any(), mine()] : [mine(), mine()]
      const flags = below(4) === 0 ? FLAG.receive : FLAG.send | FLAG.receive
      const attestation = attestationOf(world, { account, investorId, issuedAt, flags, replaces: kind === 'relink' ? replaces : ZERO })
      const expected = predict(model, kind, attestation)
      const call = perform(world, kind, attestation)
      if (expected === undefined) {
        done.refused++
        await expect(call, `step ${step}: ${kind} ${JSON.stringify({ ...attestation, investorId: String(investorId) })}`).to.be.revert(
          ethers,
        )
        continue
      }
      const { blockNumber } = await (await call).wait()
      done[kind]++
      expected(Number((await ethers.provider.getBlock(blockNumber))!.timestamp))
      await compare(world, model, step % 20 === 0 ? [...model.wallets.keys()] : [account, replaces])
      // Revocations are of the chain's own time: go on from there.
      now = Math.max(now, ...[...model.people.values()].map((person) => person.issuedAt))
      await networkHelpers.time.setNextBlockTimestamp(Math.max(now, await networkHelpers.time.latest()) + 1)
    }
    for (const count of Object.values(done)) expect(count, JSON.stringify(done)).to.be.above(STEPS / 50)
  })
})

type Attestation = ReturnType<typeof attestationOf>
type Kind = 'register' | 'relink' | 'revoke'

/** What a call does to the model, given the time of its block; undefined when it has to be refused. */
function predict(model: Model, kind: Kind, attestation: Attestation): ((at: number) => void) | undefined {
  const { account, replaces, issuedAt, flags } = attestation
  const investorId = BigInt(attestation.investorId)
  const wallet = model.wallets.get(account)
  if (kind === 'revoke') {
    const person = wallet && model.people.get(wallet.owner)
    if (!wallet || person?.wallet !== account) return undefined
    return (at) => {
      model.people.set(wallet.owner, { issuedAt: Math.max(at, person.issuedAt) })
      wallet.flags = 0
    }
  }
  const person = model.people.get(investorId) ?? { issuedAt: 0 }
  const old = model.wallets.get(replaces)
  // The very same again is no refusal, and changes nothing.
  if (kind === 'relink' && old?.successor === account && issuedAt === person.issuedAt) return () => {}
  if (wallet && (wallet.owner !== investorId || wallet.successor !== undefined)) return undefined
  const write = () => {
    model.wallets.set(account, { owner: investorId, flags })
    model.people.set(investorId, { wallet: account, issuedAt })
  }
  if (kind === 'register') {
    if (person.wallet !== undefined && person.wallet !== account) return undefined
    if (issuedAt > person.issuedAt) return write
    return person.wallet === account && issuedAt === person.issuedAt && wallet?.flags === flags ? () => {} : undefined
  }
  if (!old || old.owner !== investorId || old.successor !== undefined || replaces === account) return undefined
  if (person.wallet !== undefined && person.wallet !== replaces && person.wallet !== account) return undefined
  if (issuedAt <= person.issuedAt) return undefined
  return () => {
    old.successor = account
    write()
  }
}

async function perform({ registrar, compliance, relinker, attestor, ...world }: World, kind: Kind, attestation: Attestation) {
  if (kind === 'revoke') return registrar.connect(compliance).revoke(attestation.account)
  const signature = await sign({ registrar, compliance, relinker, attestor, ...world } as World, attestation)
  const by = (signer: Signer) => registrar.connect(signer)
  return kind === 'register' ? by(world.stranger).register(attestation, signature) : by(relinker).relink(attestation, signature, [])
}

async function compare({ registrar, ledger }: World, model: Model, addresses: string[]): Promise<void> {
  for (const investorId of INVESTORS) {
    const person = model.people.get(investorId)
    expect([await registrar.isActive(investorId), await registrar.lastIssuedAt(investorId)]).to.deep.equal([
      person?.wallet !== undefined,
      BigInt(person?.issuedAt ?? 0),
    ])
  }
  for (const address of addresses) {
    const wallet = model.wallets.get(address)
    if (wallet === undefined) continue
    const record = await ledger.accountOf(address)
    expect(record.investorId).to.equal(wallet.owner)
    expect(await ledger.successorOf(address)).to.equal(wallet.successor ?? ZERO)
    const flags = wallet.successor === undefined ? wallet.flags : FLAG.retired
    expect(record.flags).to.equal(flags)
    const isActive = record.expiry === BigInt(FAR) && wallet.successor === undefined
    expect(isActive, `${address} is active`).to.equal(model.people.get(wallet.owner)?.wallet === address)
  }
}
