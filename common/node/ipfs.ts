import { createHash } from 'node:crypto'
import { FsBlockstore } from 'blockstore-fs'
import { create as openKubo } from 'ipfs-http-client'
import { exporter } from 'ipfs-unixfs-exporter'
import { importer } from 'ipfs-unixfs-importer'
import { CID } from 'multiformats/cid'
import { AppError } from '../errors.ts'

export interface Pinned {
  cid: string
  /** SHA-256 of the bytes, 0x-prefixed. */
  sha256: `0x${string}`
  bytes: number
}

export interface Ipfs {
  /** Stores the bytes, pins them at the cluster node when there is one, reads them back and returns their address. */
  pin(content: Uint8Array): Promise<Pinned>
  /** The bytes under a CID, each block checked against its own hash. */
  read(cid: string): Promise<Uint8Array>
  close(): Promise<void>
}

/** One block up to 1 MiB: such a document's CID holds its plain SHA-256. */
const CHUNK_BYTES = 1_048_576

/** Opens the block store in `folder`; `apiUrl` adds pinning to a Kubo node. */
export async function openIpfs(folder: string, apiUrl?: string): Promise<Ipfs> {
  const store = new FsBlockstore(folder)
  await store.open()
  const kubo = apiUrl === undefined ? undefined : openKubo({ url: apiUrl })

  async function read(text: string): Promise<Uint8Array> {
    const cid = parseCid(text)
    const parts: Uint8Array[] = []
    try {
      const entry = await exporter(cid, store)
      if (entry.type !== 'file' && entry.type !== 'raw') throw new Error(`a ${entry.type}, not a file`)
      for await (const part of entry.content()) parts.push(part)
    } catch (cause) {
      throw new AppError('CID_NOT_FOUND', `Nothing is stored under ${text}`, { cause })
    }
    const content = Buffer.concat(parts)
    const address = await addressOf(content)
    if (address !== cid.toString()) throw new AppError('CID_MISMATCH', `The content stored under ${text} is not what its address says`)
    return content
  }

  async function addressOf(content: Uint8Array, target: Pick<FsBlockstore, 'put'> = { put: async (cid) => cid }) {
    let last: CID | undefined
    for await (const entry of importer([{ content }], target as never, { rawLeaves: true, cidVersion: 1, chunker: fixedChunks }))
      last = entry.cid
    return last!.toString()
  }

  return {
    read,
    async pin(content) {
      const cid = await addressOf(content, store)
      if (kubo) {
        const added = await kubo.add(content, { cidVersion: 1, rawLeaves: true, chunker: `size-${CHUNK_BYTES}`, pin: true })
        if (added.cid.toString() !== cid) throw new AppError('CID_MISMATCH', 'The IPFS node computed another address for the same content')
      }
      const back = await read(cid)
      return { cid, sha256: sha256(back), bytes: back.length }
    },
    async close() {
      await store.close()
    },
  }
}

/** @throws AppError CID_INVALID */
export function parseCid(text: string): CID {
  try {
    return CID.parse(text)
  } catch (cause) {
    throw new AppError('CID_INVALID', 'That is not an IPFS content identifier', { cause })
  }
}

export function sha256(content: Uint8Array): `0x${string}` {
  return `0x${createHash('sha256').update(content).digest('hex')}`
}

async function* fixedChunks(source: AsyncIterable<Uint8Array>) {
  let rest = Buffer.alloc(0)
  for await (const part of source) {
    rest = Buffer.concat([rest, part])
    while (rest.length >= CHUNK_BYTES) {
      yield rest.subarray(0, CHUNK_BYTES)
      rest = rest.subarray(CHUNK_BYTES)
    }
  }
  if (rest.length > 0) yield rest
}
