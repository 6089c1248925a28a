import type { Form } from '../form.ts'

/** Registers `POST path`; `handle` gets the form and the idempotency key and returns what is answered. */
export type Post = (path: string, handle: (form: Form, params: Record<string, string>, key: string | null) => object) => void
/** Registers `GET path`; the query is read as a form. */
export type Get = (path: string, handle: (form: Form, params: Record<string, string>) => object) => void
