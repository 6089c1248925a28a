// @ts-nocheck: Ponder is installed by the bench only.
import { Hono } from 'hono'

export default new Hono()
