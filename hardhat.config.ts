import { fileURLToPath } from 'node:url'
import toolbox from '@nomicfoundation/hardhat-toolbox-mocha-ethers'
import { configVariable, defineConfig } from 'hardhat/config'
import type { NetworkUserConfig } from 'hardhat/types/config'

/** SHA-256 of `terra-lumina 1`. Every address that Ignition's strategy create2 gives follows from it; a second system takes another. */
const SALT = '0x594185f54277c032dbb34789c3b9c12eebff46e865259a5c59fcb97016aedf96'

/** One compiler and one input for tests and for deployments: what is tested is, byte for byte, what is deployed. */
const compiler = {
  version: '0.8.37',
  // The compiler comes from npm: nothing is downloaded at build time.
  path: fileURLToPath(import.meta.resolve('solc/soljson.js')),
  settings: { optimizer: { enabled: true, runs: 200 }, viaIR: true, evmVersion: 'cancun' },
  isolated: false,
}

/** A node that answers for another chain is refused before anything is sent. */
const publicChain = (chainId: number, url: string): NetworkUserConfig => ({
  type: 'http',
  chainType: 'l1',
  chainId,
  url: configVariable(url),
  accounts: [configVariable('OPERATOR_KEY')],
})

export default defineConfig({
  plugins: [toolbox],
  solidity: {
    profiles: { default: compiler, production: compiler },
    // Deployed as OpenZeppelin wrote them.
    npmFilesToBuild: [
      '@openzeppelin/contracts/access/manager/AccessManager.sol',
      '@openzeppelin/contracts/governance/TimelockController.sol',
    ],
  },
  paths: { sources: ['./contracts'], tests: './contracts/test', ignition: './scripts/ignition' },
  ignition: { strategyConfig: { create2: { salt: SALT } } },
  test: { solidity: { fuzz: { runs: 128 }, invariant: { runs: 40, depth: 100, failOnRevert: true } } },
  // Hardhat knows `localhost` by itself.
  networks: {
    polygon: publicChain(137, 'POLYGON_RPC_URL'),
    amoy: publicChain(80_002, 'AMOY_RPC_URL'),
  },
})
