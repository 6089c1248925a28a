/// <reference types="vite/client" />

/** True only in a build made with VITE_WEB3AUTH_CLIENT_ID. */
declare const __WEB3AUTH__: boolean
declare const __WEB3AUTH_CLIENT_ID__: string
