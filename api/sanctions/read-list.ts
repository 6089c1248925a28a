import { createHash } from 'node:crypto'
import type { Entry, ListSource } from './entry.ts'
import { readDay } from './read-day.ts'
import { readEuEntry } from './read-eu.ts'
import { readOfacEntry } from './read-ofac.ts'
import { readUnEntry } from './read-un.ts'
import { type Element, readRecords, textOf } from './xml-records.ts'

export interface ReadList {
  source: ListSource
  /** YYYY-MM-DD */
  publishedOn: string
  sha256: Buffer
  entries: Entry[]
}

/** The three formats by their root elements. */
const SOURCES: Record<string, ListSource> = { sdnList: 'ofac_sdn', export: 'eu_consolidated', CONSOLIDATED_LIST: 'un_consolidated' }
const READERS: Record<string, (record: Element) => Entry> = {
  sdnEntry: readOfacEntry,
  sanctionEntity: readEuEntry,
  INDIVIDUAL: readUnEntry,
  ENTITY: readUnEntry,
}
const RECORDS = new Set([...Object.keys(READERS), 'publshInformation'])

/**
 * Reads a sanctions list as it is published: OFAC's SDN.XML, the EU's consolidated list, the UN's consolidated list.
 * @throws Error in words for people when the file is none of them, is not well-formed, is cut short, or names a number twice
 */
export async function readList(chunks: AsyncIterable<Uint8Array>): Promise<ReadList> {
  const hash = createHash('sha256')
  const entries = new Map<string, Entry>()
  let source: ListSource | undefined
  let published: string | undefined
  let announced: number | undefined
  await readRecords(
    hashing(chunks, hash),
    RECORDS,
    (root) => {
      source = SOURCES[root.name]
      if (source === undefined) throw new Error(`<${root.name}> is no sanctions list known here`)
      published = root.attributes.generationDate ?? root.attributes.dateGenerated
    },
    (record) => {
      if (record.name === 'publshInformation') {
        published = textOf(record, 'Publish_Date')
        announced = Number(textOf(record, 'Record_Count'))
        return
      }
      const entry = READERS[record.name]!(record)
      if (entries.has(entry.ref)) throw new Error(`the number ${entry.ref} is there twice`)
      entries.set(entry.ref, entry)
    },
  )
  const publishedOn = readPublished(published)
  if (source === undefined || publishedOn === undefined) throw new Error('it does not say when it was published')
  if (entries.size === 0) throw new Error('nobody is on it')
  if (announced !== undefined && announced !== entries.size)
    throw new Error(`it says that it has ${announced} entries, but has ${entries.size}`)
  return { source, publishedOn, sha256: hash.digest(), entries: [...entries.values()] }
}

/** OFAC writes MM/DD/YYYY, the others ISO 8601. */
function readPublished(text: string | undefined): string | undefined {
  const us = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text ?? '')
  const day = us ? `${us[3]}-${us[1]}-${us[2]}` : readDay(text)
  return day !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day)) ? day : undefined
}

async function* hashing(chunks: AsyncIterable<Uint8Array>, hash: { update(data: Uint8Array): unknown }) {
  for await (const chunk of chunks) {
    hash.update(chunk)
    yield chunk
  }
}
