import { timingSafeEqual } from 'node:crypto'
import { AppError } from '../../common/errors.ts'
import { sign } from './tokens.ts'

/** Where a page ended: the sort key and the id of its last row. */
export interface Position {
  key: string
  id: string
}

/**
 * Makes an opaque cursor. `scope` names the list with its sort and filters: a cursor works only where it came from.
 * It is signed, so that nobody can put values of their own into a query's order.
 */
export function makeCursor(secret: Buffer, scope: string, position: Position): string {
  const text = JSON.stringify([position.key, position.id])
  return `${Buffer.from(text).toString('base64url')}.${tagOf(secret, scope, text).toString('base64url')}`
}

/** @throws AppError BAD_CURSOR when it was made elsewhere or for another list */
export function readCursor(secret: Buffer, scope: string, cursor: string): Position {
  const [body = '', tag = ''] = cursor.split('.')
  const text = Buffer.from(body, 'base64url').toString()
  const given = Buffer.from(tag, 'base64url')
  const expected = tagOf(secret, scope, text)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new AppError('BAD_CURSOR', 'That cursor does not belong to this list. Start again without one')
  }
  const [key, id] = JSON.parse(text) as [string, string]
  return { key, id }
}

function tagOf(secret: Buffer, scope: string, text: string): Buffer {
  return sign(secret, `cursor\n${scope}\n${text}`).subarray(0, 16)
}
