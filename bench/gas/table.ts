import { GATES, RATIO_GATES, verdictOf, verdictOfRatio } from './gates.ts'
import { type Figures, OPERATIONS, type Operation, SUITES, type Suite } from './operations.ts'

const PEERS: Suite[] = ['oz', 'ozSupply', 'solady', 'trex', 'trexProxied', 'usual']

const NOTES = `
In brackets: ours divided by theirs. OpenZeppelin, OZ Supply and solady are bare bases that ask nobody for permission and remember nothing;
T-REX (bytecode of its npm package, one claim topic, no compliance module) does check, bare and as its factory deploys it, behind proxies.
The usual way: a checkpoint for each party of a transfer; a Merkle root of 1,024 payees for a payout, their twelve rounds twelve claims;
one ERC-20 transfer for each payee.`

/** The figures as a Markdown table: what ours costs, what it may cost, and what the others cost with the ratio ours/theirs. */
export function formatTable(figures: Figures, gates = GATES): string {
  const ours = figures.ours ?? {}
  const head = ['operation', SUITES.ours, 'gate', 'verdict', ...PEERS.map((suite) => SUITES[suite])]
  const rows = (Object.keys(OPERATIONS) as Operation[])
    .filter((operation) => ours[operation] !== undefined || PEERS.some((suite) => figures[suite]?.[operation] !== undefined))
    .flatMap((operation) => {
      const gas = ours[operation]
      const verdict = gas === undefined ? undefined : verdictOf(operation, gas, gates)
      const peers = PEERS.map((suite) => withRatio(gas, figures[suite]?.[operation]))
      const row = [OPERATIONS[operation], thousands(gas), thousands(gates[operation]?.atMost), verdict ?? '', ...peers]
      return operation === 'mintFresh' ? [row, voucherRow(figures)] : [row]
    })
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`
  return [
    line(head),
    `|---|${'---:|'.repeat(head.length - 1)}`,
    ...rows.map(line),
    NOTES,
    ...explanations(figures, gates),
    ...ratios(figures),
  ].join('\n')
}

function voucherRow({ ours }: Figures): string[] {
  const cost = ours?.mintFresh !== undefined && ours.mintFreshPlain !== undefined ? ours.mintFresh - ours.mintFreshPlain : undefined
  return ['— of which the voucher', thousands(cost), '', '', ...PEERS.map(() => '')]
}

function explanations({ ours }: Figures, gates: typeof GATES): string[] {
  const missed = (Object.entries(ours ?? {}) as [Operation, number][]).filter(([operation, gas]) => {
    return ['missed', 'explained'].includes(verdictOf(operation, gas, gates) ?? '')
  })
  return missed.map(([operation, gas]) => {
    const { atMost, because } = gates[operation]!
    const above = `${OPERATIONS[operation]}: ${thousands(gas - atMost)} above its gate`
    return `\n${above}${because === undefined ? ', and nobody said why.' : `. ${because}`}`
  })
}

function ratios(figures: Figures): string[] {
  return RATIO_GATES.flatMap((gate) => {
    const found = verdictOfRatio(gate, figures)
    if (found === undefined) return []
    const { ratio, verdict } = found
    const text = `${OPERATIONS[gate.operation]}, history for votes included: ${ratio.toFixed(3)} of ${SUITES[gate.peer]}, gate ${gate.atMost}`
    return [`\n${text}: ${verdict}.${verdict === 'explained' ? ` ${gate.because}` : ''}`]
  })
}

function withRatio(ours: number | undefined, theirs: number | undefined): string {
  if (theirs === undefined) return ''
  return ours === undefined ? thousands(theirs) : `${thousands(theirs)} (${(ours / theirs).toFixed(2)})`
}

function thousands(gas: number | undefined): string {
  return gas === undefined ? '' : gas.toLocaleString('en')
}
