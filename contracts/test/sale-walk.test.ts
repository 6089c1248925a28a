import { expect } from 'chai'
import * as rules from './sale-model.ts'
import { rebuildSales } from './sale-rebuild.ts'
import {
  type AnyContract,
  COMMITMENT_STATE,
  DAY,
  deployed,
  ethers,
  FLAG,
  networkHelpers,
  SALE_STATE,
  type Signer,
  salt,
  ZERO,
} from './sale-scene.ts'

/** Random walks over several sales against a model. Bad seeds stay in this list. */
const SEEDS = (process.env.SEEDS ?? '1,2,3,4,20261121').split(',').map(Number)
const STEPS = Number(process.env.STEPS ?? 400)
const BUYERS = 6
const { loadFixture, time } = networkHelpers

/** Seeded and repeatable (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

async function withBlockingToken() {
  const world = await deployed()
  const token: AnyContract = await ethers.deployContract('BlockingToken')
  const buyers = world.signers.slice(10, 10 + BUYERS)
  for (const buyer of buyers) await world.fund(buyer, token)
  return { ...world, token, buyers }
}

/** The error's name, as one of the contracts knows it, or null when the call went through. */
async function verdictOf(call: Promise<unknown>, contracts: AnyContract[]): Promise<rules.Verdict> {
  try {
    await call
    return null
  } catch (error) {
    const { data, message } = error as { data?: string; message: string }
    const names = contracts.map((contract) => contract.interface.parseError(data ?? '0x')?.name)
    return names.find((name) => name !== undefined) ?? message
  }
}

describe('Random walks of sales', () => {
  for (const seed of SEEDS)
    it(`agree with an independent model and can be rebuilt from the logs (seed ${seed})`, async () => {
      const { sale, ledger, token, treasury, buyers, registry, minter, createProject, saleTerms, attestCommitment, attestWithdrawal } =
        await loadFixture(withBlockingToken)
      const pick = random(seed)
      const model: rules.Model = {
        sales: new Map(),
        commitments: [],
        refundTo: new Map(),
        eligible: new Set(),
        blocked: new Set(),
        paused: false,
      }
      const balances = new Map<string, bigint>(buyers.map((buyer) => [buyer.address, 10n ** 12n]))
      const pay = (to: string, amount: bigint) => balances.set(to, (balances.get(to) ?? 0n) + amount)
      const payBack = (one: rules.ModelCommitment, state: number) => {
        pay(rules.paidTo(model, one), rules.moneyOf(model, [one]))
        one.state = state
      }
      const setEligible = async (buyer: Signer, eligible: boolean) => {
        const flags = eligible ? FLAG.send | FLAG.receive : 0
        const investorId = 1 + buyers.indexOf(buyer)
        await ledger.connect(registry).setAccount(buyer, { flags, expiry: 2 ** 40 - 1, country: 276, class: 0, investorId })
        if (eligible) model.eligible.add(buyer.address)
        else model.eligible.delete(buyer.address)
      }
      for (const buyer of buyers) await setEligible(buyer, true)

      let now = await time.latest()
      /** The next call's second. */
      const tick = async (seconds = 1 + pick(DAY)) => {
        now = Math.max(now, await time.latest()) + seconds
        await time.setNextBlockTimestamp(now)
      }
      const openSale = async () => {
        const projectId = 100 + model.sales.size
        await createProject(projectId)
        now = await time.latest()
        const perInvestor = pick(2) * 150
        const coolingOff = pick(3) * 4 * DAY
        const opensAt = now + 60
        const lastClose = opensAt + (21 + pick(30)) * DAY
        const one = { projectId, price: BigInt(1 + pick(10 ** 7)), target: 1 + pick(300), hardCap: 300 + pick(200), maxFiat: pick(300) }
        await sale.openSale(
          projectId,
          await saleTerms({
            currency: await token.getAddress(),
            pricePerUnit: one.price,
            targetUnits: one.target,
            hardCapUnits: one.hardCap,
            maxFiatUnits: one.maxFiat,
            maxUnitsPerInvestor: perInvestor,
            coolingOffSeconds: coolingOff,
            opensAt,
            closesAt: lastClose,
          }),
        )
        const state = SALE_STATE.open
        model.sales.set(projectId, {
          ...one,
          perInvestor,
          coolingOff,
          opensAt,
          lastClose,
          closesAt: lastClose,
          state,
          finalizedAt: 0,
          withdrawn: 0n,
        })
      }
      const newest = () => [...model.sales.values()].slice(-3)
      /** One of the newest sales, more often than not one in the given state. */
      const anySale = (state: number = SALE_STATE.open) => {
        const fitting = newest().filter((one) => one.state === state)
        return fitting.length > 0 && pick(3) ? fitting[pick(fitting.length)]! : newest()[pick(newest().length)]!
      }
      const anyBuyer = () => buyers[pick(BUYERS)]!
      const anyCommitment = () => {
        const open = model.commitments.filter((one) => one.state === COMMITMENT_STATE.open)
        return open.length > 0 && pick(3) ? open[pick(open.length)] : model.commitments[pick(model.commitments.length || 1)]
      }
      const expecting = async (call: Promise<unknown>, verdict: rules.Verdict) =>
        expect(await verdictOf(call, [sale, ledger, token])).to.equal(verdict)

      const steps: Record<string, () => Promise<void>> = {
        async commit() {
          const [one, buyer, units, fiat] = [anySale(), anyBuyer(), pick(8) === 0 ? 0 : 1 + pick(120), pick(3) === 0]
          await tick()
          const verdict = rules.mayCommit(model, one, buyer.address, units, fiat, now)
          const chosen = salt(`${seed} ${now}`)
          const { projectId } = one
          const id = fiat ? chosen : await sale.investmentIdOf(projectId, buyer, chosen)
          const attested = { projectId, investmentId: id, buyer: buyer.address, units, deadline: now }
          const call = fiat
            ? sale.connect(minter).commitFiat(projectId, id, buyer, units, now, await attestCommitment(attested))
            : sale.connect(buyer).commit(projectId, units, chosen)
          await expecting(call, verdict)
          if (verdict !== null) return
          model.commitments.push({ id, projectId, buyer: buyer.address, units, fiat, committedAt: now, state: COMMITMENT_STATE.open })
          pay(buyer.address, -rules.moneyOf(model, model.commitments.slice(-1)))
        },
        async cancel() {
          const one = anyCommitment()
          if (!one) return
          const buyer = pick(4) ? buyers.find((each) => each.address === one.buyer)! : anyBuyer()
          await tick()
          const verdict = rules.mayCancel(model, one, buyer.address, now)
          await expecting(sale.connect(buyer).cancel(one.id), verdict)
          if (verdict === null) payBack(one, COMMITMENT_STATE.cancelled)
        },
        async withdrawFiat() {
          const one = anyCommitment()
          if (!one) return
          await tick()
          const verdict = rules.mayWithdrawFiat(one)
          const signature = await attestWithdrawal({ investmentId: one.id, deadline: now })
          await expecting(sale.withdrawFiat(one.id, now, signature), verdict)
          if (verdict === null) one.state = COMMITMENT_STATE.cancelled
        },
        async setRefundAddress() {
          const [buyer, other] = [anyBuyer(), anyBuyer()]
          const to = pick(2) ? other.address : ZERO
          await sale.connect(buyer).setRefundAddress(to)
          if (to === ZERO) model.refundTo.delete(buyer.address)
          else model.refundTo.set(buyer.address, to)
        },
        async closeEarly() {
          const one = anySale()
          await tick()
          const closesAt = pick(2) ? now + 6 * DAY + pick(3 * DAY) : one.closesAt - pick(10 * DAY)
          const verdict = rules.mayCloseEarly(model, one, closesAt, now)
          await expecting(sale.announceEarlyClose(one.projectId, closesAt), verdict)
          if (verdict === null) one.closesAt = closesAt
        },
        async abandon() {
          const one = anySale()
          if (pick(6)) return
          await tick()
          const verdict = one.state !== SALE_STATE.open ? 'WrongSaleState' : now >= one.closesAt ? 'SaleIsOver' : null
          await expecting(sale.abandonSale(one.projectId, ethers.id('x')), verdict)
          if (verdict === null) Object.assign(one, { state: SALE_STATE.failed, finalizedAt: now })
        },
        async finalize() {
          const one = anySale()
          await tick(one.state === SALE_STATE.open && pick(4) === 0 ? Math.max(1, rules.finalizableAt(model, one) - now - pick(2)) : 1)
          const verdict = rules.mayFinalize(model, one, now)
          await expecting(sale.finalize(one.projectId), verdict)
          if (verdict === null) rules.finalize(model, one, now)
        },
        async settle() {
          const one = anySale(SALE_STATE.succeeded)
          const own = model.commitments.filter((each) => each.projectId === one.projectId)
          const batch = own.filter(() => pick(2) === 0)
          if (batch.length > 0 && pick(3) === 0) batch.push(batch[0]!)
          await tick()
          const verdict = one.state === SALE_STATE.succeeded ? null : 'WrongSaleState'
          await expecting(sale.settle(one.projectId, batch.map((each) => each.id)), verdict) // biome-ignore format: one call
          if (verdict !== null || model.paused) return
          for (const each of batch)
            if (each.state === COMMITMENT_STATE.open && model.eligible.has(each.buyer)) each.state = COMMITMENT_STATE.settled
        },
        async refund() {
          const one = anyCommitment()
          if (!one) return
          await tick(pick(20) ? 1 : 90 * DAY)
          const verdict = rules.mayRefund(model, one, now)
          await expecting(sale.refund(one.id), verdict)
          if (verdict === null) payBack(one, COMMITMENT_STATE.refunded)
        },
        async refundMany() {
          const batch = model.commitments.slice(-30).filter(() => pick(3) === 0)
          if (batch.length > 0) batch.push(batch[0]!)
          await tick(1)
          const ids = batch.map((each) => each.id)
          let skipped = 0
          for (const one of batch) {
            if (rules.mayRefund(model, one, now) === null) payBack(one, COMMITMENT_STATE.refunded)
            else skipped++
          }
          const receipt = await (await sale.refundMany(ids, { gasLimit: 15_000_000 })).wait()
          const names = receipt.logs.map((log: { fragment?: { name: string } }) => log.fragment?.name)
          expect(names.filter((name: string) => name === 'RefundSkipped').length).to.equal(skipped)
        },
        async withdrawProceeds() {
          const one = anySale(SALE_STATE.succeeded)
          const due = rules.moneyOf(model, rules.settled(model, one)) - one.withdrawn
          await expecting(sale.withdrawProceeds(one.projectId), due === 0n ? 'NoProceeds' : null)
          pay(treasury.address, due)
          one.withdrawn += due
        },
        async disturb() {
          const [buyer, good] = [anyBuyer(), pick(3) !== 0]
          await setEligible(buyer, good)
          await token.setBlocked(buyer, !good && pick(2) === 0)
          if (await token.blocked(buyer)) model.blocked.add(buyer.address)
          else model.blocked.delete(buyer.address)
          if (model.paused) await ledger.unpause()
          else if (!good) await ledger.pause()
          model.paused = !model.paused && !good
        },
      }
      const often = [steps.commit, steps.commit, steps.commit, steps.commit, steps.commit, steps.finalize, steps.settle]
      const all = [...Object.values(steps), ...often] as (() => Promise<void>)[]

      const check = async () => {
        let held = 0n
        for (const one of model.sales.values()) {
          const shown = await sale.saleOf(one.projectId)
          const [open, settled] = [rules.open(model, one), rules.settled(model, one)]
          const escrow = rules.moneyOf(model, open)
          const proceeds = rules.moneyOf(model, settled) - one.withdrawn
          held += escrow + proceeds
          expect(
            [shown.state, shown.closesAt, shown.finalizableAt, shown.openUnits, shown.settledUnits, shown.escrow, shown.proceeds].map(
              Number,
            ),
          ).to.deep.equal(
            [one.state, one.closesAt, rules.finalizableAt(model, one), rules.unitsOf(open), rules.unitsOf(settled), escrow, proceeds].map(
              Number,
            ),
          )
          expect(await ledger.totalSupply(one.projectId)).to.equal(rules.unitsOf(settled))
          if (one.state !== SALE_STATE.succeeded) expect([rules.unitsOf(settled), one.withdrawn]).to.deep.equal([0, 0n])
        }
        expect(await token.balanceOf(sale)).to.equal(held)
        for (const [address, balance] of balances) expect(await token.balanceOf(address)).to.equal(balance)
      }

      await openSale()
      await openSale()
      for (let step = 0; step < STEPS; step++) {
        await all[pick(all.length)]!()
        if (newest().every((one) => one.state !== SALE_STATE.open) && pick(4) === 0) await openSale()
        if (step % 25 === 0) await check()
      }
      await check()
      expect(model.commitments.length, 'a walk that commits').to.be.greaterThan(STEPS / 20)

      const rebuilt = await rebuildSales(sale)
      expect([...rebuilt.sales.keys()]).to.deep.equal([...model.sales.keys()].map(BigInt))
      for (const [projectId, one] of rebuilt.sales) {
        const shown = (await sale.saleOf(projectId)).toObject()
        expect(one).to.deep.equal({ ...shown, terms: shown.terms.toObject() })
      }
      expect([...rebuilt.commitments.keys()]).to.deep.equal(model.commitments.map((one) => one.id))
      for (const [id, one] of rebuilt.commitments) expect(one).to.deep.equal((await sale.commitmentOf(id)).toObject())
      for (const buyer of buyers) expect(await sale.refundAddressOf(buyer)).to.equal(rebuilt.refundTo.get(buyer.address) ?? ZERO)
    })
})
