import { expect } from 'chai'
import { type AnyContract, deployed, ethers, investmentId, networkHelpers, PROJECT, random, type Signer, today, ZERO } from './fixture.ts'

/** Random walks of the whole set against a model that knows nothing of nodes, segments or packed slots. Bad seeds stay in this list. */
const SEEDS = (process.env.SEEDS ?? '1,2,3,4,5,20261120').split(',').map(Number)
const STEPS = Number(process.env.STEPS ?? 160)
const HOLDERS = 7
const SCALE = 1n << 64n

interface Lot {
  holder: string
  units: bigint
  unlockDay: number
  counted: boolean
}
interface Round {
  perUnit: bigint
  units: Map<string, bigint>
}

describe('Random walks', () => {
  for (const seed of SEEDS) {
    it(`agree with an independent model (seed ${seed})`, async () => {
      const world = await networkHelpers.loadFixture(deployed)
      const { ledger, vault, token, minter, dao, signers, setAccount, distribute, beginExit } = world
      const pick = random(seed)
      const holders = signers.slice(12, 12 + HOLDERS)
      for (const holder of holders) await setAccount(holder)
      const units = new Map(holders.map((holder) => [holder.address, 0n]))
      const claimedUpto = new Map<string, number>()
      const paid = new Map<string, bigint>()
      /** Whoever the exit took units from is settled up to the round before it, whatever comes later. */
      const settledUpto = new Map<string, number>()
      const lots: Lot[] = []
      const orders: [string, number, Signer, bigint, number][] = []
      const rounds: Round[] = []
      const supply = () => [...units.values()].reduce((sum, one) => sum + one, 0n)

      const steps = {
        async mint() {
          const lot = {
            id: investmentId(`${seed} ${orders.length}`),
            holder: holders[pick(HOLDERS)]!,
            units: BigInt(1 + pick(400)),
            day: (await today()) + [0, 0, 5, 40, -2][pick(5)]!,
          }
          const unlockDay = pick(2) ? 0 : lot.day
          await ledger.connect(minter).mintInvestment(lot.id, PROJECT, lot.holder, lot.units, unlockDay)
          orders.push([lot.id, PROJECT, lot.holder, lot.units, unlockDay])
          // A new lock-up clears the lots that are over; until then they count when there is a longer one beside them.
          const now = await today()
          const own = lots.filter((each) => each.holder === lot.holder.address && each.counted)
          if (unlockDay > now) {
            if (own.every((each) => each.unlockDay <= now)) for (const each of own) each.counted = false
            lots.push({ holder: lot.holder.address, units: lot.units, unlockDay, counted: true })
          }
          units.set(lot.holder.address, units.get(lot.holder.address)! + lot.units)
        },
        async replay() {
          const order = orders[pick(orders.length || 1)]
          if (!order) return
          expect(await ledger.connect(minter).mintInvestment.staticCall(...order)).to.equal(false)
          await expect(
            ledger.connect(minter).mintInvestment(order[0], order[1], order[2], order[3] + 1n, order[4]),
          ).to.be.revertedWithCustomError(ledger, 'InvestmentConflict')
        },
        async transfer() {
          const from = holders[pick(HOLDERS)]!
          const to = holders[pick(HOLDERS)]!
          const have = units.get(from.address)!
          const amount = pick(4) ? BigInt(pick(Number(have) + 3)) : have
          const now = await today()
          const counted = lots.filter((lot) => lot.holder === from.address && lot.counted)
          const locked = counted.some((lot) => lot.unlockDay > now) ? counted.reduce((sum, lot) => sum + lot.units, 0n) : 0n
          const movable = have > locked ? have - locked : 0n
          expect(await ledger.movableOf(from, PROJECT)).to.equal(movable)
          const call = ledger.connect(from).safeTransferFrom(from, to, PROJECT, amount, '0x')
          if (amount > movable) {
            await expect(call).to.revert(ethers)
            return
          }
          await call
          units.set(from.address, units.get(from.address)! - amount)
          units.set(to.address, units.get(to.address)! + amount)
        },
        async distribute() {
          if (supply() === 0n) return
          const amount = BigInt(1 + pick(5_000_000))
          await distribute(amount)
          rounds.push({ perUnit: (amount * SCALE) / supply(), units: new Map(units) })
        },
        async claim() {
          await claim(holders[pick(HOLDERS)]!.address)
        },
        async release() {
          const now = await today()
          const due = orders.filter(([, , , , day]) => day <= now).slice(-20)
          await ledger.release(due.map(([id]) => id))
          for (const [, , holder, amount, day] of due) {
            const lot = lots.find(
              (each) => each.counted && each.holder === holder.address && each.units === amount && each.unlockDay === day,
            )
            if (lot) lot.counted = false
          }
        },
        async wait() {
          await networkHelpers.time.increase(86_400 * (1 + pick(6)))
        },
      }
      const names = ['mint', 'mint', 'replay', 'transfer', 'transfer', 'transfer', 'distribute', 'claim', 'release', 'wait'] as const
      for (let step = 0; step < STEPS; step++) {
        await steps[names[pick(names.length)]!]()
        if (step % 40 === 39) await check()
      }

      function dueOf(holder: string): bigint {
        const open = rounds.slice(claimedUpto.get(holder) ?? 0)
        return open.reduce((sum, round) => sum + round.perUnit * (round.units.get(holder) ?? 0n), 0n) / SCALE
      }
      async function claim(holder: string) {
        const upto = settledUpto.get(holder) ?? rounds.length
        const due = dueOf(holder)
        if (due === 0n) {
          await expect(vault.claimFor(PROJECT, holder)).to.be.revertedWithCustomError(vault, 'NothingToClaim')
          return
        }
        await expect(vault.claimFor(PROJECT, holder)).to.emit(vault, 'DistributionClaimed').withArgs(PROJECT, holder, upto, due, holder)
        claimedUpto.set(holder, rounds.length)
        paid.set(holder, (paid.get(holder) ?? 0n) + due)
      }
      async function check() {
        let owed = 0n
        for (const { address } of holders) {
          expect(await ledger.balanceOf(address, PROJECT)).to.equal(units.get(address))
          expect(await ledger.claimableOf(PROJECT, address)).to.equal(dueOf(address))
          expect(await token.balanceOf(address)).to.equal(paid.get(address) ?? 0n)
          owed += dueOf(address)
          for (const [index, round] of rounds.entries())
            expect(await ledger.balanceAt(address, PROJECT, index + 1)).to.equal(round.units.get(address) ?? 0n)
        }
        expect(await ledger.totalSupply(PROJECT)).to.equal(supply())
        expect(await ledger.holderCount(PROJECT)).to.equal([...units.values()].filter((one) => one > 0n).length)
        expect((await token.balanceOf(vault)) >= owed, 'the vault holds what it owes').to.equal(true)
      }

      await check()
      await leave()
      await check()
      await rebuild(world, [...holders.map((holder) => holder.address), await dao.getAddress()], orders.length)

      /** The exit in random batches between claims; then income that belongs to the DAO alone. */
      async function leave() {
        const total = supply()
        const daoAddress = await dao.getAddress()
        await beginExit()
        const queue = [daoAddress, ...holders.map((holder) => holder.address), holders[0]!.address].sort(() => pick(3) - 1)
        while (queue.length > 0) {
          const batch = queue.splice(0, 1 + pick(3))
          const moved = batch.filter((address) => address !== daoAddress)
          for (const address of moved) {
            if (units.get(address) !== 0n) settledUpto.set(address, rounds.length)
            units.set(daoAddress, (units.get(daoAddress) ?? 0n) + units.get(address)!)
            units.set(address, 0n)
          }
          await ledger.exitBatch(PROJECT, batch)
          if (pick(2)) await claim(holders[pick(HOLDERS)]!.address)
        }
        expect(await ledger.balanceOf(dao, PROJECT)).to.equal(total)
        await ledger.finalizeExit(PROJECT)
        if (total === 0n) return
        await steps.distribute()
        await claim(daoAddress)
        for (const holder of holders) await claim(holder.address)
        const dust = await token.balanceOf(vault)
        expect(dust < BigInt(rounds.length + (HOLDERS + 1) * (rounds.length + 1)), `dust ${dust}`).to.equal(true)
      }
    })
  }
})

/** Balances, supply, investments and money, from nothing but the logs. */
async function rebuild(
  { ledger, vault, token }: Awaited<ReturnType<typeof deployed>>,
  holders: string[],
  investments: number,
): Promise<void> {
  const parsed = async (contract: AnyContract) =>
    (await ethers.provider.getLogs({ address: await contract.getAddress(), fromBlock: 0 })).map((log) => contract.interface.parseLog(log))
  const balances = new Map<string, bigint>()
  const minted = new Set<string>()
  let money = 0n
  for (const event of [...(await parsed(ledger)), ...(await parsed(vault))]) {
    if (event.name === 'TransferSingle') {
      const { from, to, value } = event.args
      balances.set(from, (balances.get(from) ?? 0n) - value)
      balances.set(to, (balances.get(to) ?? 0n) + value)
    }
    if (event.name === 'InvestmentMinted') minted.add(event.args.investmentId)
    if (event.name === 'EpochOpened') money += event.args.amount
    if (event.name === 'DistributionClaimed') money -= event.args.amount
  }
  for (const holder of holders) expect(balances.get(holder) ?? 0n).to.equal(await ledger.balanceOf(holder, PROJECT))
  expect(-(balances.get(ZERO) ?? 0n)).to.equal(await ledger.totalSupply(PROJECT))
  expect(minted.size).to.equal(investments)
  expect(money).to.equal(await token.balanceOf(vault))
}
