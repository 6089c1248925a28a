import { documentsAbi, registrarAbi, saleAbi, vaultAbi } from '../common/abi.ts'
import { type Comparison, second } from './testing-compare.ts'

const ZERO = `0x${'0'.repeat(40)}`
const SALE_STATES = ['none', 'open', 'succeeded', 'failed']
const COMMITMENT_STATES = ['none', 'open', 'cancelled', 'settled', 'refunded']
const METHODS = ['escrow', 'fiat']

/** Every view of the vault that shows state. */
export async function compareVault({ scene, rows, same }: Comparison): Promise<void> {
  const view = (name: string, args: readonly unknown[], expected: unknown) => same(scene.deployment.vault, vaultAbi, name, args, expected)
  for (const made of await rows('select * from chain.distribution'))
    await view('distributionOf', [made.distribution_id], [made.project_id, made.epoch])
  for (const made of await rows('select * from chain.offchain_distribution'))
    await view('offchainDistributionOf', [made.attestation_id], [made.project_id, made.epoch, made.root, made.total, made.currency])
  for (const { token, is_allowed } of await rows('select * from chain.allowed_token')) await view('isTokenAllowed', [token], is_allowed)
  for (const { holder, payout_address } of await rows(
    'select a.account as holder, coalesce(p.payout_address, a.account) as payout_address from chain.account a left join chain.payout_address p on p.holder = a.account',
  ))
    await view('payoutAddressOf', [holder], payout_address)
  for (const notice of await rows(
    `select p.project_id, coalesce(c.upto_epoch, 0) as upto, ${second('c.not_before')} as not_before
    from chain.project p left join chain.clawback_state c using (project_id)`,
  ))
    await view('clawbackOf', [notice.project_id], [notice.upto, notice.not_before])
  const [guard] = await rows('select authority from chain.authority_set where contract = $1', scene.deployment.vault)
  await view('authority', [], guard!.authority)
}

/** Every view of the registrar that shows state. */
export async function compareRegistrar({ scene, rows, same }: Comparison): Promise<void> {
  const view = (name: string, args: readonly unknown[], expected: unknown) =>
    same(scene.deployment.registrar, registrarAbi, name, args, expected)
  // A scene may have accounts that were written without it.
  for (const { investor_id, wallet, issued_at } of await rows(
    `select *, ${second('issued_at')} as issued_at from chain.investor where issued_at is not null`,
  )) {
    await view('isActive', [investor_id], wallet !== null)
    await view('lastIssuedAt', [investor_id], issued_at)
  }
  const [guard] = await rows('select authority from chain.authority_set where contract = $1', scene.deployment.registrar)
  await view('authority', [], guard!.authority)
}

/** Every view of the sale that shows state. */
export async function compareSale({ scene, rows, same }: Comparison): Promise<void> {
  const view = (name: string, args: readonly unknown[], expected: unknown) => same(scene.deployment.sale, saleAbi, name, args, expected)
  const times = ['closes_at', 'finalizable_at', 'finalized_at', 'opens_at', 'terms_closes_at']
  for (const sale of await rows(`select *, ${times.map((time) => `${second(time)} as ${time}`).join(', ')} from chain.sale`))
    await view('saleOf', [sale.project_id], {
      state: SALE_STATES.indexOf(sale.state),
      treasury: sale.treasury,
      closesAt: sale.closes_at,
      finalizableAt: sale.finalizable_at,
      finalizedAt: sale.finalized_at,
      openUnits: sale.open_units,
      openFiatUnits: sale.open_fiat_units,
      settledUnits: sale.settled_units,
      investors: sale.investors,
      escrow: sale.escrow,
      proceeds: sale.proceeds,
      terms: {
        currency: sale.currency,
        pricePerUnit: sale.price_per_unit,
        targetUnits: sale.target_units,
        hardCapUnits: sale.hard_cap_units,
        maxFiatUnits: sale.max_fiat_units,
        maxUnitsPerInvestor: sale.max_units_per_investor,
        unlockDays: sale.unlock_days,
        opensAt: sale.opens_at,
        closesAt: sale.terms_closes_at,
        coolingOffSeconds: sale.cooling_off_seconds,
      },
    })
  for (const made of await rows(
    `select *, ${second('committed_at')} as committed_at, ${second('cancellable_until')} as cancellable_until from chain.commitment`,
  ))
    await view('commitmentOf', [made.investment_id], {
      state: COMMITMENT_STATES.indexOf(made.state),
      method: METHODS.indexOf(made.method),
      projectId: made.project_id,
      buyer: made.buyer,
      units: made.units,
      amount: made.amount,
      committedAt: made.committed_at,
      cancellableUntil: made.cancellable_until,
    })
  for (const committed of await rows(
    `select c.project_id, a.account, coalesce(sum(c.units) filter (where c.state in ('open', 'settled')), 0) as units
    from chain.commitment c join chain.account a on a.investor_id::text = c.investor
    group by 1, 2`,
  ))
    await view('committedUnitsOf', [committed.project_id, committed.account], committed.units)
  for (const { buyer, refund_address } of await rows(
    `select c.buyer, coalesce(r.refund_address, '${ZERO}') as refund_address
    from chain.commitment c left join chain.refund_address r using (buyer)`,
  ))
    await view('refundAddressOf', [buyer], refund_address)
  const [guard] = await rows('select authority from chain.authority_set where contract = $1', scene.deployment.sale)
  await view('authority', [], guard!.authority)
}

/** Every view of the register of documents that shows state. */
export async function compareDocuments({ scene, rows, same }: Comparison): Promise<void> {
  const view = (name: string, args: readonly unknown[], expected: unknown) =>
    same(scene.deployment.documents, documentsAbi, name, args, expected)
  for (const document of await rows(`select *, ${second('added_at')} as added_at from chain.document_state`)) {
    const { project_id: id, kind_id: kind, version, document_hash: hash, added_at: addedAt, uri } = document
    await view('documentOf', [id, kind, version], { hash, addedAt, uri })
    if (!document.is_newest) continue
    await view('versionsOf', [id, kind], version)
    await view('latestDocument', [id, kind], [version, { hash, addedAt, uri }])
  }
  for (const { project_id, kinds } of await rows(
    `select project_id, array_agg(kind_id::text order by block_number) as kinds
    from chain.document_state where version = 1 group by project_id`,
  ))
    await view('kindsOf', [project_id], kinds)
  const [guard] = await rows('select authority from chain.authority_set where contract = $1', scene.deployment.documents)
  await view('authority', [], guard!.authority)
}
