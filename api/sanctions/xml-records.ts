import sax from 'sax'

/** An element with what is in it. Names are without their namespace. */
export interface Element {
  name: string
  attributes: Record<string, string>
  text: string
  children: Element[]
}

/**
 * Reads an XML document piece by piece and hands out each element whose name is in `records`; only one of them is in memory at a time.
 * `onRoot` gets the outermost element before anything in it.
 * @throws Error when the document is not well-formed or ends before its root does
 */
export async function readRecords(
  chunks: AsyncIterable<Uint8Array>,
  records: ReadonlySet<string>,
  onRoot: (root: Element) => void,
  onRecord: (record: Element) => void,
): Promise<void> {
  const xml = sax.parser(true, { trim: false })
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const open: Element[] = []
  let depth = 0
  let isClosed = false
  xml.onerror = (error) => {
    throw new Error(error.message.replaceAll('\n', ', '))
  }
  // Entities could name files or grow without end; no list has any.
  xml.ondoctype = () => {
    throw new Error('a document type is not expected here')
  }
  xml.onopentag = ({ name, attributes }) => {
    const element = { name: localName(name), attributes: plain(attributes), text: '', children: [] }
    if (++depth === 1) onRoot(element)
    const parent = open.at(-1)
    if (parent) parent.children.push(element)
    if (parent || records.has(element.name)) open.push(element)
  }
  xml.ontext = (text) => {
    const at = open.at(-1)
    if (at) at.text += text
  }
  xml.oncdata = xml.ontext
  xml.onclosetag = () => {
    if (--depth === 0) isClosed = true
    const element = open.pop()
    if (element && open.length === 0) onRecord(element)
  }
  for await (const chunk of chunks) xml.write(decoder.decode(chunk, { stream: true }))
  xml.write(decoder.decode())
  xml.close()
  if (!isClosed) throw new Error('the file ends before its root element does')
}

/** All elements of that name, directly in it. */
export function childrenOf(element: Element | undefined, name: string): Element[] {
  return element?.children.filter((child) => child.name === name) ?? []
}

/** The text of the first element of that name directly in it, without space around; undefined when there is none or nothing in it. */
export function textOf(element: Element | undefined, name: string): string | undefined {
  return childrenOf(element, name)[0]?.text.trim() || undefined
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

function plain(attributes: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [localName(name), String(value)]))
}
