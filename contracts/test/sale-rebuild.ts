import { type AnyContract, CANCEL_BEFORE_CLOSE, COMMITMENT_STATE, ethers, METHOD, SALE_STATE, ZERO } from './sale-scene.ts'

/** Every sale and commitment as the views show them, from the logs alone. */
export async function rebuildSales(sale: AnyContract) {
  const sales = new Map<bigint, Record<string, unknown>>()
  const commitments = new Map<string, Record<string, unknown>>()
  const refundTo = new Map<string, string>()
  const times = new Map<number, bigint>()
  for (const log of await sale.queryFilter('*')) {
    if (!times.has(log.blockNumber)) times.set(log.blockNumber, BigInt((await ethers.provider.getBlock(log.blockNumber))!.timestamp))
    const now = times.get(log.blockNumber)!
    const { projectId, investmentId, ...args } = log.args.toObject()
    const one = sales.get(projectId)!
    const commitment = commitments.get(investmentId)!
    const end = (state: number) => Object.assign(commitment, { state: BigInt(state) })
    switch (log.fragment.name) {
      case 'SaleOpened':
        sales.set(projectId, { state: BigInt(SALE_STATE.open), ...args, closesAt: args.terms.closesAt, finalizedAt: 0n, withdrawn: 0n })
        break
      case 'EarlyCloseAnnounced':
      case 'EarlyCloseLapsed':
        one.closesAt = args.closesAt
        break
      case 'SaleFinalized':
        Object.assign(one, { state: BigInt(args.success ? SALE_STATE.succeeded : SALE_STATE.failed), finalizedAt: now })
        break
      case 'ProceedsWithdrawn':
        one.withdrawn = (one.withdrawn as bigint) + args.amount
        break
      case 'Committed':
        commitments.set(investmentId, {
          state: BigInt(COMMITMENT_STATE.open),
          method: args.method,
          projectId,
          buyer: args.buyer,
          units: args.units,
          amount: args.amount,
          committedAt: now,
        })
        break
      case 'CommitmentCancelled':
        end(COMMITMENT_STATE.cancelled)
        break
      case 'CommitmentSettled':
        end(COMMITMENT_STATE.settled)
        break
      case 'CommitmentRefunded':
        end(COMMITMENT_STATE.refunded)
        break
      case 'RefundAddressSet':
        refundTo.set(args.buyer, args.refundAddress)
    }
  }
  const latest = (one: bigint, other: bigint) => (one > other ? one : other)
  for (const commitment of commitments.values()) {
    const { closesAt, terms } = sales.get(commitment.projectId as bigint) as { closesAt: bigint; terms: { coolingOffSeconds: bigint } }
    commitment.cancellableUntil = latest(
      closesAt - BigInt(CANCEL_BEFORE_CLOSE),
      (commitment.committedAt as bigint) + terms.coolingOffSeconds,
    )
  }
  for (const [projectId, one] of sales) {
    const own = [...commitments.values()].filter((each) => each.projectId === projectId)
    const sum = (key: string, ...states: number[]) =>
      own.filter((each) => states.includes(Number(each.state))).reduce((total, each) => total + (each[key] as bigint), 0n)
    const { open, settled } = COMMITMENT_STATE
    const fiat = own.filter((each) => each.method === BigInt(METHOD.fiat) && each.state === BigInt(open))
    const counting = own.filter((each) => each.state === BigInt(open) || each.state === BigInt(settled))
    const { coolingOffSeconds } = one.terms as { coolingOffSeconds: bigint }
    Object.assign(one, {
      terms: (one.terms as { toObject(): unknown }).toObject(),
      finalizableAt: own.reduce((at, each) => latest(at, (each.committedAt as bigint) + coolingOffSeconds), one.closesAt as bigint),
      openUnits: sum('units', open),
      openFiatUnits: fiat.reduce((total, each) => total + (each.units as bigint), 0n),
      settledUnits: sum('units', settled),
      investors: BigInt(new Set(counting.map((each) => each.buyer)).size),
      escrow: sum('amount', open),
      proceeds: sum('amount', settled) - (one.withdrawn as bigint),
    })
    delete one.withdrawn
  }
  for (const [buyer, address] of refundTo) if (address === ZERO) refundTo.delete(buyer)
  return { sales, commitments, refundTo }
}
