import { useQuery } from '@tanstack/react-query'
import { useApi } from '../app.tsx'
import { portfolioQuery } from '../queries.ts'
import { STAGE_WORDS, stageOf, type Tx } from '../view/transactions.ts'
import { useWallet } from '../wallet/wallet-provider.tsx'
import { Copyable } from './copyable.tsx'
import { Notice } from './notice.tsx'

/** What became of a transaction, read out as it changes. */
export function TxStatus({ tx }: { tx: Tx }) {
  const { config } = useWallet()
  const mirror = useQuery({
    ...portfolioQuery(useApi()),
    refetchInterval: ({ state }) => (tx.status === 'pending' || isSettled(tx, state.data) ? false : 2_000),
  }).data
  const stage = stageOf(tx, mirror ?? null)
  const tone =
    stage === 'failed'
      ? 'bad'
      : stage === 'cancelled' || stage === 'superseded'
        ? 'calm'
        : stage === 'final' || stage === 'indexed'
          ? 'good'
          : 'wait'
  return (
    <div role="status">
      <Notice tone={tone} title={tx.label}>
        <p>{STAGE_WORDS[stage]}</p>
        <p className="mt-1">
          <Copyable value={tx.hash} what="transaction" href={config.explorerUrl && `${config.explorerUrl}/tx/${tx.hash}`} />
        </p>
      </Notice>
    </div>
  )
}

function isSettled(tx: Tx, mirror: { asOfBlock: string; finalBlock: string } | undefined) {
  const stage = stageOf(tx, mirror ?? null)
  return stage !== 'mined' && stage !== 'indexed'
}
