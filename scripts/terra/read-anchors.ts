import { type Hash, type Hex, TransactionNotFoundError } from 'viem'
import { type AuditHead, decodeAnchor } from '../../api/audit/anchor.ts'
import type { Db } from '../../common/node/db.ts'
import { CliError } from './cli-error.ts'
import type { Stage } from './context.ts'

/** Anchors of the database that are on chain. Those that are still on their way prove nothing yet. */
export async function listAnchors(db: Db): Promise<Hash[]> {
  const { rows } = await db.query<{ txHash: Hash }>(
    `select c.tx_hash as "txHash"
     from app.audit_anchor a
     join app.chain_intent c on c.id = a.intent_id
     where c.state = 'final'
     order by a.day`,
  )
  return rows.map(({ txHash }) => txHash)
}

/** What a transaction anchored, as the chain itself says. @throws CliError NOT_FOUND, STATE */
export async function readAnchor({ client, deployment }: Pick<Stage, 'client' | 'deployment'>, txHash: Hash): Promise<AuditHead> {
  const transaction = await client.getTransaction({ hash: txHash }).catch((cause) => {
    if (!(cause instanceof TransactionNotFoundError)) throw cause
    throw new CliError('NOT_FOUND', `The chain has no transaction ${txHash}`, {
      hint: 'check the hash, and that the node is of that chain',
      cause,
    })
  })
  const head = decodeAnchor(transaction.input as Hex)
  if (transaction.blockNumber === null || !head || transaction.from.toLowerCase() !== deployment.parties.minter.toLowerCase()) {
    throw new CliError('STATE', `Transaction ${txHash} is no anchor of the minter`, {
      hint: "take the hash from the worker's log or from an earlier report",
    })
  }
  return head
}
