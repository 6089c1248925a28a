import handlerArtifact from '@safe-global/safe-smart-account/build/artifacts/contracts/handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler.json' with {
  type: 'json',
}
import factoryArtifact from '@safe-global/safe-smart-account/build/artifacts/contracts/proxies/SafeProxyFactory.sol/SafeProxyFactory.json' with {
  type: 'json',
}
import safeArtifact from '@safe-global/safe-smart-account/build/artifacts/contracts/Safe.sol/Safe.json' with { type: 'json' }
import { type AnyContract, ethers, type Signer, ZERO } from './fixture.ts'

/** Safe's own bytecode, as published. `handled` is what a Safe made by Safe's app is; without it, one made by hand. */
export async function deploySafe(owner: Signer, { handled }: { handled: boolean }): Promise<AnyContract> {
  const singleton = await deploy(safeArtifact, owner)
  const factory = await deploy(factoryArtifact, owner)
  const handler = handled ? await (await deploy(handlerArtifact, owner)).getAddress() : ZERO
  const setup = singleton.interface.encodeFunctionData('setup', [[owner.address], 1, ZERO, '0x', handler, ZERO, 0, ZERO])
  const made = await (await factory.createProxyWithNonce(singleton, setup, 0)).wait()
  const [event] = await factory.queryFilter(factory.filters.ProxyCreation!(), made.blockNumber)
  return new ethers.Contract((event as AnyContract).args.proxy, safeArtifact.abi, owner)
}

/** A call by the Safe, approved by its one owner. */
export async function callBySafe(safe: AnyContract, owner: Signer, target: AnyContract, method: string, args: unknown[]) {
  const data = target.interface.encodeFunctionData(method, args)
  const approved = ethers.concat([ethers.zeroPadValue(owner.address, 32), ethers.ZeroHash, '0x01'])
  return safe.connect(owner).execTransaction(target, 0, data, 0, 0, 0, 0, ZERO, ZERO, approved)
}

function deploy(artifact: { abi: unknown[]; bytecode: string }, owner: Signer): Promise<AnyContract> {
  return new ethers.ContractFactory(artifact.abi as never, artifact.bytecode, owner).deploy()
}
