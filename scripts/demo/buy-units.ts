import type { Hex } from 'viem'
import { ownershipAbi } from '../../common/abi.ts'
import type { Investment, Portfolio } from '../../common/wire.ts'
import { invest, payByCard, waitFor } from '../world/person.ts'
import { openFeed } from './feed.ts'
import { UNIT_PRICE_CENTS } from './list-project.ts'
import type { Investor } from './onboard.ts'
import type { Platform } from './platform.ts'
import { expectSame, type Recorder } from './recorder.ts'

const AMOUNT_CENTS = 10_000n
/** What a hundred dollars buy. */
export const UNITS = AMOUNT_CENTS / UNIT_PRICE_CENTS

/** From the order to the units on the screen. */
export async function buyUnits(platform: Platform, recorder: Recorder, run: string, investor: Investor, projectId: number): Promise<void> {
  const { webUrl, db, sender, deployment } = platform
  const { client, wallet } = investor
  const feed = await openFeed(webUrl, client)
  try {
    const { investment } = await recorder.step('Investor orders units for $100', async () => {
      const key = `demo-${run}`
      const first = await invest(client, projectId, AMOUNT_CENTS, key)
      const again = await invest(client, projectId, AMOUNT_CENTS, key)
      expectSame('the same key gives the same order', again.id, first.id)
      const decision = await findDecision(db, first.id)
      expectSame('compliance decision', decision?.allowed, true)
      return { investment: first, note: `allowed by ${decision!.rules} rules; Stripe Checkout opened` }
    })

    await recorder.step('Card is charged, signed webhook arrives', async () => {
      await payByCard(investment.checkoutUrl!)
      const paid = await waitFor('the payment', async () => {
        const now = await client.get<Investment>(`investments/${investment.id}`)
        return now.state !== 'awaiting_payment' && now
      })
      if (paid.progress === 'stopped') throw new Error(`The investment stopped in state ${paid.state}`)
      return { note: '$100.00 paid, re-read from the vendor' }
    })

    const { blockNumber } = await recorder.step('Worker mints exactly once', async () => {
      const minted = await waitProgress(client, investment.id, ['minted', 'indexed', 'final'])
      const ledger = { address: deployment.ownership as Hex, abi: ownershipAbi } as const
      const receipt = await sender.client.readContract({ ...ledger, functionName: 'receiptOf', args: [minted.chainInvestmentId as Hex] })
      expectSame('receipt: investor', receipt.investor, wallet.address)
      expectSame('receipt: units', receipt.units, UNITS)
      expectSame('receipt: project', receipt.projectId, projectId)
      expectSame('supply', await sender.client.readContract({ ...ledger, functionName: 'totalSupply', args: [BigInt(projectId)] }), UNITS)
      return { txHash: minted.txHash as Hex, blockNumber: BigInt(minted.blockNumber!), note: `${UNITS} units, receipt on chain` }
    })

    await recorder.step('Indexer mirrors it, portfolio shows it', async () => {
      await waitProgress(client, investment.id, ['indexed', 'final'])
      const portfolio = await client.get<Portfolio>('portfolio')
      expectSame('units in the portfolio', unitsOf(portfolio, projectId), UNITS)
      if (BigInt(portfolio.asOfBlock) < blockNumber) throw new Error(`The portfolio is as of block ${portfolio.asOfBlock}, before the mint`)
      return { note: `as of block ${portfolio.asOfBlock}` }
    })

    await recorder.step('Portfolio is pushed over WebSocket', async () => {
      const { portfolio } = await feed.waitPortfolio((pushed) => unitsOf(pushed, projectId) === UNITS)
      return { note: `${UNITS} units worth $${Number(portfolio.valueCents) / 100}` }
    })
  } finally {
    feed.close()
  }
}

/** Units of a project in a portfolio. */
export function unitsOf(portfolio: Portfolio, projectId: number): bigint {
  return BigInt(portfolio.positions.find((position) => position.projectId === projectId)?.units ?? 0)
}

async function waitProgress(client: Investor['client'], id: string, wanted: Investment['progress'][]): Promise<Investment> {
  return waitFor(`progress ${wanted[0]}`, async () => {
    const investment = await client.get<Investment>(`investments/${id}`)
    if (investment.progress === 'stopped') throw new Error(`The investment stopped in state ${investment.state}`)
    return wanted.includes(investment.progress) && investment
  })
}

async function findDecision(db: Platform['db'], investmentId: string): Promise<{ allowed: boolean; rules: number } | undefined> {
  const { rows } = await db.query<{ allowed: boolean; rules: number }>(
    `select allowed, jsonb_array_length(findings) as rules
     from app.decision
     where investment_id = $1 and subject = 'invest'`,
    [investmentId],
  )
  return rows[0]
}
