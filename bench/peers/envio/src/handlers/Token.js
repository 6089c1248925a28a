import { Token } from 'generated'

const ZERO = '0x0000000000000000000000000000000000000000'

Token.TransferSingle.handler(async ({ event, context }) => {
  await move(context, event, 0, event.params.id, event.params.value)
})

Token.TransferBatch.handler(async ({ event, context }) => {
  const { ids, values } = event.params
  for (let at = 0; at < ids.length; at++) await move(context, event, at, ids[at], values[at])
})

async function move(context, event, batchIndex, projectId, units) {
  const { operator, from, to } = event.params
  const { block, logIndex, transaction } = event
  const id = `${block.number}-${logIndex}-${batchIndex}`
  const place = { id, blockNumber: block.number, txHash: transaction.hash, logIndex, batchIndex }
  context.Transfer.set({ ...place, operator, fromAddress: from, toAddress: to, projectId, units })
  if (from !== ZERO) await change(context, from, projectId, -units)
  if (to !== ZERO) await change(context, to, projectId, units)
}

async function change(context, holder, projectId, units) {
  const balance = await context.Balance.getOrCreate({ id: `${holder}-${projectId}`, holder, projectId, units: 0n })
  context.Balance.set({ ...balance, units: balance.units + units })
}
