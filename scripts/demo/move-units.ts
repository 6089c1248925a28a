import type { Address, Hex } from 'viem'
import { ownershipAbi } from '../../common/abi.ts'
import type { Portfolio } from '../../common/wire.ts'
import { waitMirror } from '../terra/mirror.ts'
import { revertOf, send } from '../terra/send.ts'
import { newWallet, senderOf } from '../world/local-wallet.ts'
import { UNITS, unitsOf } from './buy-units.ts'
import type { Investor } from './onboard.ts'
import type { Platform } from './platform.ts'
import { expectSame, type Recorder } from './recorder.ts'

/** What goes from the first holder to the second. */
export const MOVED = 4n
/** Reason code of the contract: the receiver is not eligible. */
const RECEIVER_NOT_ELIGIBLE = 4

/** A transfer between eligible wallets goes through; one to a stranger is refused with its reason. */
export async function moveUnits(platform: Platform, recorder: Recorder, from: Investor, to: Investor, projectId: number): Promise<void> {
  const { sender, deployment, db, progress } = platform
  const ledger = { address: deployment.ownership as Hex, abi: ownershipAbi } as const
  const id = BigInt(projectId)
  const transfer = (receiver: Address) =>
    ({ ...ledger, functionName: 'safeTransferFrom', args: [from.wallet.address, receiver, id, MOVED, '0x'] }) as const

  await recorder.step('Units move to another eligible wallet', async () => {
    const { hash, blockNumber } = await send(senderOf(sender, from.wallet), transfer(to.wallet.address))
    const balances = await sender.client.readContract({
      ...ledger,
      functionName: 'balanceOfBatch',
      args: [
        [from.wallet.address, to.wallet.address],
        [id, id],
      ],
    })
    expectSame('balances after the transfer', balances.join(), [UNITS - MOVED, MOVED].join())
    await waitMirror(db, blockNumber, progress)
    expectSame("units in the receiver's portfolio", unitsOf(await to.client.get<Portfolio>('portfolio'), projectId), MOVED)
    return { txHash: hash, note: `${MOVED} of ${UNITS} units` }
  })

  await recorder.step('A transfer to a stranger is refused', async () => {
    const stranger = newWallet().address
    const code = await sender.client.readContract({
      ...ledger,
      functionName: 'detectTransferRestriction',
      args: [from.wallet.address, stranger, id, MOVED],
    })
    expectSame('reason code asked beforehand', code, RECEIVER_NOT_ELIGIBLE)
    const refusal = await sender.client
      .simulateContract({ ...transfer(stranger), account: from.wallet.address })
      .then(() => undefined, revertOf)
    expectSame('refusal', refusal?.name, 'TransferRestricted')
    expectSame('reason code in the refusal', refusal?.args[0], RECEIVER_NOT_ELIGIBLE)
    return { note: `code ${code}: ${refusal?.sentence}` }
  })
}
