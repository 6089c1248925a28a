import { fileURLToPath } from 'node:url'
import toolbox from '@nomicfoundation/hardhat-toolbox-mocha-ethers'
import { configVariable, defineConfig } from 'hardhat/config'

export default defineConfig({
  plugins: [toolbox],
  solidity: {
    version: '0.8.37',
    // The compiler comes from npm: nothing is downloaded at build time.
    path: fileURLToPath(import.meta.resolve('solc/soljson.js')),
    settings: { optimizer: { enabled: true, runs: 200 }, viaIR: true, evmVersion: 'cancun' },
  },
  paths: { sources: ['./contracts'], tests: './contracts/test' },
  test: { solidity: { fuzz: { runs: 128 }, invariant: { runs: 40, depth: 100, failOnRevert: true } } },
  networks: {
    amoy: { type: 'http', chainType: 'l1', url: configVariable('AMOY_RPC_URL'), accounts: [configVariable('OPERATOR_KEY')] },
  },
})
