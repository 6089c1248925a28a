// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedgerErrors} from "./ILedgerErrors.sol";
import {ILedgerEvents} from "./ILedgerEvents.sol";
import {ILedgerTypes} from "./ILedgerTypes.sol";
import {Position} from "./Position.sol";
import {PositionSlot, Store} from "./Store.sol";

/// @title Lots: the units of one receipt with their own unlock day. The receipt never changes; this says where it went.
library Lots {
    /// @dev The receipt and the present holder of an investment that exists and wasn't reversed.
    function find(Store storage store, bytes32 investmentId)
        internal
        view
        returns (ILedgerTypes.Receipt memory receipt, address holder)
    {
        receipt = store.receipts[investmentId].unpacked();
        if (receipt.units == 0) revert ILedgerErrors.UnknownInvestment(investmentId);
        if (store.lots[investmentId].state == ILedgerTypes.LotState.Reversed) {
            revert ILedgerErrors.InvestmentIsReversed(investmentId);
        }
        holder = holderOf(store, investmentId, receipt);
    }

    /// @dev Where it was minted or transferred to, and from there along the relinks; where an exit took it, it ends.
    function holderOf(Store storage store, bytes32 investmentId, ILedgerTypes.Receipt memory receipt)
        internal
        view
        returns (address holder)
    {
        holder = store.lots[investmentId].holder;
        if (holder == address(0)) holder = receipt.investor;
        while (_wasPassedOn(store, receipt.projectId, holder)) holder = store.successors[holder];
    }

    /// @dev Whether the lot's own units are still a part of what its holder has locked.
    function isCounted(
        Store storage store,
        bytes32 investmentId,
        ILedgerTypes.Receipt memory receipt,
        Position position
    ) internal view returns (bool) {
        return receipt.unlockDay > position.clearedDay() && position.locked() != 0
            && store.lots[investmentId].state == ILedgerTypes.LotState.Open;
    }

    /// @dev Frees one lot whose day has come. Nothing happens to lots that are free already.
    function release(Store storage store, bytes32 investmentId) internal {
        (ILedgerTypes.Receipt memory receipt, address holder) = find(store, investmentId);
        uint256 day = receipt.unlockDay;
        if (day > block.timestamp / 1 days) revert ILedgerErrors.LotStillLocked(investmentId, day);
        uint256 projectId = receipt.projectId;
        PositionSlot storage slot = store.positions[projectId][holder];
        Position position = slot.word;
        if (!isCounted(store, investmentId, receipt, position)) return;
        store.lots[investmentId].state = ILedgerTypes.LotState.Released;
        slot.word = position.withoutLot(receipt.units);
        emit ILedgerEvents.LotReleased(investmentId, projectId, holder, receipt.units);
    }

    /// @dev A retired wallet without a position was passed by, when the wallet before it was moved.
    function _wasPassedOn(Store storage store, uint256 projectId, address holder) private view returns (bool) {
        Position position = store.positions[projectId][holder].word;
        if (position.isFresh()) return store.successors[holder] != address(0);
        return position.isMoved() && !position.isExited();
    }
}
