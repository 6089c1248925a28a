import { inTransaction } from '../../common/node/db.ts'
import { type Engine, signerOf } from './engine.ts'
import { askAll, countTransactions, max } from './nodes.ts'

/** The right to use the signer's nonces, until another worker takes it. */
export interface Hold {
  epoch: string
}

interface SignerRow {
  epoch: string
  nextNonce: string
  isAbandoned: boolean
}

/**
 * Keeps the signer, or takes it: at once when `isStarting` (the newest worker is the one an operator meant), later only when
 * the holder shows no more life. Returns null while another worker holds it.
 */
export async function holdSigner(engine: Engine, hold: Hold | null, isStarting: boolean): Promise<Hold | null> {
  const key = [engine.nodes.chainId, signerOf(engine)]
  if (hold) {
    const { rowCount } = await engine.pool.query(
      'update app.signer set heartbeat_at = now() where chain_id = $1 and address = $2 and epoch = $3',
      [...key, hold.epoch],
    )
    if (rowCount === 1) return hold
    engine.log.warn({ epoch: hold.epoch }, 'Another worker took the signer')
    return null
  }
  const row = await readSigner(engine)
  if (row && !isStarting && !row.isAbandoned) return null
  return takeSigner(engine)
}

/**
 * The start-up gate: nothing is signed before enough nodes have said how many nonces are used. When the chain is ahead, the
 * database is older than the chain (restored from a backup): the counter moves up, and since every mint asks the chain for its
 * receipt before it is signed, what was minted meanwhile is found, not repeated.
 */
async function takeSigner(engine: Engine): Promise<Hold | null> {
  const address = signerOf(engine)
  const counts = await askAll(engine.nodes, async (client) => ({
    latest: await countTransactions(client, engine.minter.address, 'latest'),
    pending: await countTransactions(client, engine.minter.address, 'pending'),
  }))
  if (counts.length < Math.min(2, engine.nodes.clients.length)) throw new Error('Too few RPC nodes answered to take the signer')
  const used = max(counts.flatMap(({ latest, pending }) => [latest, pending]))
  return inTransaction(engine.pool, async (db) => {
    await db.query('insert into app.signer (chain_id, address, next_nonce) values ($1, $2, $3) on conflict do nothing', [
      engine.nodes.chainId,
      address,
      used,
    ])
    const before = await readSigner(engine, db)
    if (before && BigInt(before.nextNonce) < used) {
      engine.log.error(
        { nextNonce: before.nextNonce, used: String(used) },
        'The chain is ahead of the database: it was restored, or the key was used elsewhere',
      )
    }
    const { rows } = await db.query<Hold>(
      `update app.signer set epoch = epoch + 1, heartbeat_at = now(), next_nonce = greatest(next_nonce, $3)
       where chain_id = $1 and address = $2
       returning epoch`,
      [engine.nodes.chainId, address, used],
    )
    engine.log.info({ epoch: rows[0]!.epoch, signer: address }, 'Took the signer')
    return rows[0]!
  })
}

async function readSigner(engine: Engine, db: Pick<Engine['pool'], 'query'> = engine.pool): Promise<SignerRow | undefined> {
  const { rows } = await db.query<SignerRow>(
    `select epoch, next_nonce as "nextNonce", heartbeat_at < now() - make_interval(secs => $3) as "isAbandoned"
     from app.signer
     where chain_id = $1 and address = $2`,
    [engine.nodes.chainId, signerOf(engine), engine.settings.takeoverAfterMs / 1000],
  )
  return rows[0]
}
