/** SHA-256 of bytes as 0x-hex, computed here and now; nothing is taken on trust. */
export async function sha256Hex(bytes: ArrayBuffer): Promise<`0x${string}`> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return `0x${Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
