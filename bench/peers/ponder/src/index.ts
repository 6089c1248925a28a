// @ts-nocheck: Ponder is installed by the bench only.
import { ponder } from 'ponder:registry'
import { balances, transfers } from 'ponder:schema'

const ZERO = '0x0000000000000000000000000000000000000000'

ponder.on('Token:TransferSingle', async ({ event, context }) => {
  await move(context.db, event, 0, event.args.id, event.args.value)
})

ponder.on('Token:TransferBatch', async ({ event, context }) => {
  const { ids, values } = event.args
  for (let at = 0; at < ids.length; at++) await move(context.db, event, at, ids[at], values[at])
})

async function move(db, { args, block, log, transaction }, batchIndex, projectId, units) {
  const { operator, from, to } = args
  const blockNumber = Number(block.number)
  const id = `${blockNumber}-${log.logIndex}-${batchIndex}`
  const place = { id, blockNumber, txHash: transaction.hash, logIndex: log.logIndex, batchIndex }
  await db.insert(transfers).values({ ...place, operator, fromAddress: from, toAddress: to, projectId, units })
  if (from !== ZERO) await change(db, from, projectId, -units)
  if (to !== ZERO) await change(db, to, projectId, units)
}

async function change(db, holder, projectId, units) {
  await db
    .insert(balances)
    .values({ holder, projectId, units })
    .onConflictDoUpdate((row) => ({ units: row.units + units }))
}
