import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createApi } from './api.ts'
import { ApiProvider } from './app.tsx'
import './app.css'
import { buildRouter } from './router.tsx'
import { createSessionStore } from './session.ts'

const api = createApi('/api/v1', createSessionStore(localStorage))
const router = buildRouter()
void api.resume()

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <ApiProvider api={api}>
        <RouterProvider router={router} />
      </ApiProvider>
    </StrictMode>,
  )
}
