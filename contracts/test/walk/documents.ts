import { ZERO_HASH } from '../fixture.ts'
import { emit, type Model, put, Refusal } from './model.ts'

/** The register of documents: each version of each kind stays. */

export interface Document {
  hash: string
  addedAt: number
  uri: string
}

export const documentKey = (projectId: number, kind: string) => `${projectId} ${kind}`

export function addDocument(model: Model, projectId: number, kind: string, hash: string, uri: string): void {
  if (kind === ZERO_HASH || hash === ZERO_HASH || uri === '') throw new Refusal('EmptyDocument', projectId, kind, hash, uri)
  if (!model.projects.has(projectId)) throw new Refusal('UnknownProject', projectId)
  const versions = model.documents.get(documentKey(projectId, kind)) ?? []
  const newest = versions.at(-1)
  if (newest?.hash === hash && newest.uri === uri) throw new Refusal('DocumentUnchanged', projectId, kind, versions.length)
  put(model, model.documents, documentKey(projectId, kind), [...versions, { hash, addedAt: model.now, uri }])
  emit(model, 'DocumentSet', projectId, kind, versions.length + 1, hash, uri)
}
