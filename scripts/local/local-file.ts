import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'

/** Everything a program on this machine needs to talk to a local stack. Written when the stack is ready. */
export const LocalFile = Type.Object({
  webUrl: Type.String(),
  rpcUrl: Type.String(),
  sandboxUrl: Type.String(),
  /** As the worker: what the operator's commands may do. */
  databaseUrl: Type.String(),
  adminDatabaseUrl: Type.String(),
  analystDatabaseUrl: Type.String(),
  deploymentFile: Type.String(),
  ipfsFolder: Type.String(),
  operatorKeystore: Type.String(),
  minterKeystore: Type.String(),
  attestorKeystore: Type.String(),
  paymentAttestorKeystore: Type.String(),
  keystorePassword: Type.String(),
  logFolder: Type.String(),
})
export type LocalFile = Static<typeof LocalFile>

/** The data folder of this checkout's stack. */
export function defaultFolder(): string {
  return process.env.TERRA_FOLDER ?? join(import.meta.dirname, '..', '..', '.terra')
}

/** What the stack on `folder` wrote, running or not; undefined when none was ever ready there. */
export function readLocalFile(folder = defaultFolder()): LocalFile | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(join(folder, 'local.json'), 'utf8'))
    return Value.Check(LocalFile, value) ? value : undefined
  } catch {
    return undefined
  }
}

export function writeLocalFile(folder: string, file: LocalFile): void {
  writeFileSync(join(folder, 'local.json'), JSON.stringify(file, null, 2), { mode: 0o600 })
}
