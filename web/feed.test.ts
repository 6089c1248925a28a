import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { expect } from 'chai'
import { type WebSocket, WebSocketServer } from 'ws'
import { createApi } from './api.ts'
import { openFeed } from './feed.ts'
import { createSessionStore } from './session.ts'

// A real server that hands out numbered tickets and takes each of them once.
let tickets = 0
const used: string[] = []
const http = createServer((_, response) => {
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify({ success: true, data: { ticket: `t${++tickets}` }, meta: {} }))
})
const sockets = new WebSocketServer({ server: http })
const nextSocket = () => new Promise<WebSocket>((resolve) => sockets.once('connection', resolve))
let base = ''

before(async () => {
  sockets.on('connection', (socket, request) => {
    used.push(new URL(request.url ?? '', 'http://x').searchParams.get('ticket') ?? '')
    socket.send(JSON.stringify({ type: 'ready' }))
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  base = `127.0.0.1:${(http.address() as AddressInfo).port}`
})
after(() => {
  for (const client of sockets.clients) client.terminate()
  sockets.close()
  http.close()
})

function open() {
  const heard: string[] = []
  const states: string[] = []
  const waiting: { type: string; resolve: () => void }[] = []
  const storage = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined }
  const feed = openFeed(createApi(`http://${base}`, createSessionStore(storage)), (ticket) => `ws://${base}/?ticket=${ticket}`, {
    hint: (type) => {
      heard.push(type)
      for (const one of waiting.splice(0)) one.type === type ? one.resolve() : waiting.push(one)
    },
    state: (state) => states.push(state),
  })
  return { feed, heard, states, hears: (type: string) => new Promise<void>((resolve) => waiting.push({ type, resolve })) }
}

test('a message is a hint to look again, and nonsense is none', async () => {
  const arriving = nextSocket()
  const { feed, hears, heard } = open()
  const socket = await arriving
  await hears('ready')
  const told = hears('portfolio_update')
  socket.send('{')
  socket.send(JSON.stringify({ type: 'portfolio_update', data: {} }))
  await told
  expect(heard).to.deep.equal(['ready', 'portfolio_update'])
  feed.stop()
})

test('after a break it comes back with a new ticket and hints once, for what was missed', async () => {
  const first = nextSocket()
  const { feed, hears, states } = open()
  const socket = await first
  await hears('ready')
  const again = nextSocket()
  const ready = hears('ready')
  socket.terminate()
  await again
  await ready
  expect(new Set(used).size).to.equal(used.length)
  expect(states).to.deep.equal(['connecting', 'live', 'waiting', 'connecting', 'live'])
  feed.stop()
})

test('once stopped it stays away', async () => {
  const arriving = nextSocket()
  const { feed, hears } = open()
  const socket = await arriving
  await hears('ready')
  const before = used.length
  feed.stop()
  await once(socket, 'close')
  await new Promise((resolve) => setTimeout(resolve, 700))
  expect(used.length).to.equal(before)
})
