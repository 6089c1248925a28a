// @ts-nocheck: Ponder is installed by the bench only.
import { createConfig } from 'ponder'
import { abi } from './abi'

export default createConfig({
  database: { kind: 'postgres', connectionString: process.env.DATABASE_URL },
  // The bench names one node many times: Ponder limits how often it asks each, which is far less than this one can answer.
  chains: { polygon: { id: 137, rpc: process.env.RPC_URLS.split(',') } },
  contracts: { Token: { chain: 'polygon', abi, address: process.env.CONTRACT_ADDRESS, startBlock: 0 } },
})
