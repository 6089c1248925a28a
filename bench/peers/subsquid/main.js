const codec = require('@subsquid/evm-codec')
const { event, indexed } = require('@subsquid/evm-abi')
const { EvmBatchProcessor } = require('@subsquid/evm-processor')
const { TypeormDatabase } = require('@subsquid/typeorm-store')
const { In } = require('typeorm')
const { Balance, Transfer } = require('./lib/model')

const ZERO = '0x0000000000000000000000000000000000000000'
const CONTRACT = process.env.CONTRACT_ADDRESS
const LOADED_AT_ONCE = 10_000

const parties = { operator: indexed(codec.address), from: indexed(codec.address), to: indexed(codec.address) }
const TransferSingle = event(
  '0xc3d58168c5ae7397731d063d5bbf3d657854427343f4c083240f7aacaa2d0f62',
  'TransferSingle(address,address,address,uint256,uint256)',
  { ...parties, id: codec.uint256, value: codec.uint256 },
)
const TransferBatch = event(
  '0x4a39dc06d4c0dbc64b70af90fd698a233a518aa5d07e595d983b8c0526c8f7fb',
  'TransferBatch(address,address,address,uint256[],uint256[])',
  { ...parties, ids: codec.array(codec.uint256), values: codec.array(codec.uint256) },
)

const processor = new EvmBatchProcessor()
  // Without a capacity of its own, ten requests at a time.
  .setRpcEndpoint({ url: process.env.RPC_URL, capacity: 50, maxBatchCallSize: 100 })
  .setFinalityConfirmation(75)
  .setBlockRange({ from: 0 })
  .setFields({ log: { transactionHash: true, address: true, topics: true, data: true } })
  .addLog({ address: [CONTRACT], topic0: [TransferSingle.topic, TransferBatch.topic] })

processor.run(new TypeormDatabase({ supportHotBlocks: true }), async ({ blocks, store }) => {
  const transfers = []
  const balances = new Map()
  const change = (holder, projectId, units) => {
    if (holder === ZERO) return
    const id = `${holder}-${projectId}`
    const balance = balances.get(id)
    if (balance) balance.units += units
    else balances.set(id, new Balance({ id, holder, projectId, units }))
  }
  for (const { header, logs } of blocks)
    for (const log of logs)
      movesOf(log).forEach(({ operator, from, to, projectId, units }, batchIndex) => {
        const id = `${header.height}-${log.logIndex}-${batchIndex}`
        const place = { id, blockNumber: header.height, txHash: log.transactionHash, logIndex: log.logIndex, batchIndex }
        transfers.push(new Transfer({ ...place, operator, fromAddress: from, toAddress: to, projectId, units }))
        change(from, projectId, -units)
        change(to, projectId, units)
      })
  const ids = [...balances.keys()]
  for (let at = 0; at < ids.length; at += LOADED_AT_ONCE)
    for (const { id, units } of await store.findBy(Balance, { id: In(ids.slice(at, at + LOADED_AT_ONCE)) })) balances.get(id).units += units
  await store.insert(transfers)
  await store.upsert([...balances.values()])
})

function movesOf(log) {
  if (log.address !== CONTRACT) return []
  if (log.topics[0] === TransferSingle.topic) {
    const { id, value, ...move } = TransferSingle.decode(log)
    return [{ ...move, projectId: id, units: value }]
  }
  if (log.topics[0] === TransferBatch.topic) {
    const { ids, values, ...move } = TransferBatch.decode(log)
    return ids.map((projectId, at) => ({ ...move, projectId, units: values[at] }))
  }
  return []
}
