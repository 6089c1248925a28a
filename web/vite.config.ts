import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Set, and only then, the social-login SDK becomes part of the build; its licence is not an open-source one (docs/adr/0007). */
const clientId = process.env.VITE_WEB3AUTH_CLIENT_ID ?? ''

/** Packages that only the social-login SDK brings: they get a folder of their own, so that nobody loads them by accident. */
const SOCIAL =
  /node_modules\/(@web3auth|@toruslabs|@metamask|@walletconnect|@reown|@solana|@segment|@hcaptcha|@sentry|xrpl|ethers|permissionless)\//

// Vite asks for the default export.
export default defineConfig({
  root: import.meta.dirname,
  define: { __WEB3AUTH_CLIENT_ID__: JSON.stringify(clientId), __WEB3AUTH__: JSON.stringify(clientId !== '') },
  plugins: [react(), tailwindcss()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    manifest: true,
    sourcemap: false,
    target: 'es2022',
    // A strict CSP allows no data: fonts or scripts; small pictures stay files of their own.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        chunkFileNames: (chunk) =>
          chunk.moduleIds.some((id) => SOCIAL.test(id)) ? 'assets/social/[name]-[hash].js' : 'assets/[name]-[hash].js',
      },
    },
  },
  // `vite dev web` beside a running api: one origin for the browser, as in production.
  server: {
    proxy: { '/api': 'http://localhost:3000', '/ipfs': 'http://localhost:3000', '/ws': { target: 'ws://localhost:3000', ws: true } },
  },
})
