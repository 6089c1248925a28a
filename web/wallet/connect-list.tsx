import { type Connector, useConnect, useConnectors } from 'wagmi'
import { Notice } from '../parts/notice.tsx'
import { offeredWallets } from '../view/offered-wallets.ts'
import { explainWallet } from '../view/wallet-error.ts'

/** The wallets of this browser to choose from; what is happening is said on the button itself. */
export function ConnectList({ onConnected }: { onConnected?: () => void }) {
  const connect = useConnect()
  const wallets = offeredWallets(useConnectors(), 'ethereum' in window)
  const trouble = connect.error ? explainWallet(connect.error) : null

  if (wallets.length === 0) return <NoWallet />
  return (
    <div>
      <ul className="grid gap-2">
        {wallets.map((connector) => (
          <li key={connector.uid}>
            <WalletButton
              connector={connector}
              busy={connect.isPending && connect.variables?.connector === connector}
              onPress={() => connect.mutate({ connector }, { onSuccess: () => onConnected?.() })}
            />
          </li>
        ))}
      </ul>
      <div role="status">
        {trouble && (
          <Notice tone={trouble.kind === 'rejected' ? 'calm' : 'bad'} title={trouble.title}>
            <p>{trouble.help}</p>
            {trouble.detail && <p className="mt-1 text-sm text-soft">{trouble.detail}</p>}
          </Notice>
        )}
      </div>
    </div>
  )
}

function WalletButton({ connector, busy, onPress }: { connector: Connector; busy: boolean; onPress: () => void }) {
  return (
    <button
      type="button"
      className="btn btn-line w-full justify-start! rounded-2xl!"
      aria-disabled={busy}
      onClick={() => !busy && onPress()}
    >
      {connector.icon ? (
        <img src={connector.icon} alt="" width="28" height="28" className="rounded-md" />
      ) : (
        <span className="size-7 rounded-md bg-mist" aria-hidden="true" />
      )}
      <span>{busy ? `Confirm in ${connector.name}…` : connector.name}</span>
    </button>
  )
}

function NoWallet() {
  const here = `${location.host}${location.pathname}`
  return (
    <Notice tone="calm" title="No wallet found in this browser">
      <p>A wallet is an app that keeps your keys and signs for you; your units are held by it, not by us.</p>
      <p className="mt-2">
        On a phone,{' '}
        <a className="link" href={`https://link.metamask.io/dapp/${here}`} target="_blank" rel="noreferrer">
          open this page in MetaMask
        </a>
        . On a computer, install a wallet extension and reload. You can look at every project without one.
      </p>
    </Notice>
  )
}
