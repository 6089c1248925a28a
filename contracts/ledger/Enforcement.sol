// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {ERC1155Utils} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Utils.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {HOLDER_CAP, IS_FROZEN, MAX_LIST, MAY_RECEIVE} from "./Codes.sol";
import {Epochs} from "./Epochs.sol";
import {IERC7943MultiToken} from "./IERC7943MultiToken.sol";
import {ILedgerErrors} from "./ILedgerErrors.sol";
import {ILedgerEvents} from "./ILedgerEvents.sol";
import {ILedgerTypes} from "./ILedgerTypes.sol";
import {Lots} from "./Lots.sol";
import {Moves} from "./Moves.sol";
import {Position, PositionWord} from "./Position.sol";
import {ProjectWord} from "./ProjectWord.sol";
import {States} from "./States.sol";
import {Move, PositionSlot, Store} from "./Store.sol";

/// @title What an enforcer may do to units without their holder. Linked, because it is called rarely.
/// @dev Asks whether the receiver is eligible and whether there is room for a new holder; no other rule binds it.
library Enforcement {
    using Math for uint256;

    /// @notice See {IERC7943MultiToken-setFrozenTokens}. More than 2^56 − 1 units are taken for that.
    function setFrozen(Store storage store, address account, uint256 projectId, uint256 units) external {
        States.requireNotExiting(store, projectId);
        // More than can exist means all, whatever comes.
        units = Math.min(units, PositionWord.MAX_UNITS);
        PositionSlot storage slot = store.positions[projectId][account];
        slot.word = slot.word.withFrozen(units);
        emit IERC7943MultiToken.Frozen(account, projectId, units);
    }

    /// @notice See {IERC7943MultiToken-forcedTransfer}.
    function forcedTransfer(Store storage store, address from, address to, uint256 projectId, uint256 units) external {
        if (from == to) revert ILedgerErrors.SelfForcedTransfer();
        if (units == 0) revert ILedgerErrors.ZeroUnits(0);
        _take(store, from, to, projectId, units);
        emit IERC7943MultiToken.ForcedTransfer(from, to, projectId, units);
        ERC1155Utils.checkOnERC1155Received(msg.sender, from, to, projectId, units, "");
    }

    /// @notice See {ITerraLuminaOwnership-transferLots}.
    function transferLots(Store storage store, bytes32[] calldata investmentIds, address to, bytes32 reason) external {
        if (investmentIds.length > MAX_LIST) {
            revert ILedgerErrors.TooMany(investmentIds.length, MAX_LIST);
        }
        for (uint256 i = 0; i < investmentIds.length; ++i) _transferLot(store, investmentIds[i], to, reason);
    }

    /// @notice See {ITerraLuminaOwnership-release}.
    function release(Store storage store, bytes32[] calldata investmentIds) external {
        if (investmentIds.length > MAX_LIST) {
            revert ILedgerErrors.TooMany(investmentIds.length, MAX_LIST);
        }
        for (uint256 i = 0; i < investmentIds.length; ++i) Lots.release(store, investmentIds[i]);
    }

    /// @notice See {ITerraLuminaOwnership-lotOf}.
    function lotOf(Store storage store, bytes32 investmentId)
        external
        view
        returns (address holder, ILedgerTypes.LotState state)
    {
        ILedgerTypes.Receipt memory receipt = store.receipts[investmentId].unpacked();
        return (Lots.holderOf(store, investmentId, receipt), store.lots[investmentId].state);
    }

    /// @notice See {ITerraLuminaOwnership-reverseInvestment}.
    function reverse(Store storage store, bytes32 investmentId, bytes32 reason) external {
        (ILedgerTypes.Receipt memory receipt, address holder) = Lots.find(store, investmentId);
        uint256 projectId = receipt.projectId;
        uint256 units = receipt.units;
        States.requireNotExiting(store, projectId);
        Position position = _unfrozen(store, holder, projectId, units);
        if (Lots.isCounted(store, investmentId, receipt, position)) position = position.withoutLot(units);
        store.lots[investmentId].state = ILedgerTypes.LotState.Reversed;
        ProjectWord project = store.projects[projectId];
        position = Epochs.remember(store, projectId, holder, position, project.epoch());
        uint256 left = position.balance() - units;
        position = position.withBalance(left);
        // The holder sold units of this lot and kept others: what is left stays locked as far as it can.
        if (position.locked() > left) position = position.withLocksCut(left);
        store.positions[projectId][holder].word = position;
        project = project.withSupply(project.supply() - units);
        store.projects[projectId] = left == 0 ? project.withHolders(project.holders() - 1) : project;
        emit IERC1155.TransferSingle(msg.sender, holder, address(0), projectId, units);
        emit ILedgerEvents.InvestmentReversed(investmentId, projectId, holder, units, reason);
    }

    function _transferLot(Store storage store, bytes32 investmentId, address to, bytes32 reason) private {
        (ILedgerTypes.Receipt memory receipt, address from) = Lots.find(store, investmentId);
        if (from == to) revert ILedgerErrors.SelfForcedTransfer();
        uint256 projectId = receipt.projectId;
        uint256 units = receipt.units;
        PositionSlot storage slot = store.positions[projectId][from];
        bool counted = Lots.isCounted(store, investmentId, receipt, slot.word);
        // Taken off before the move, so that the units go as free ones and take no other lot's day along.
        if (counted) slot.word = slot.word.withoutLot(units);
        _take(store, from, to, projectId, units);
        store.lots[investmentId].holder = to;
        if (counted && receipt.unlockDay > block.timestamp / 1 days) {
            slot = store.positions[projectId][to];
            slot.word = Moves.lock(slot.word, units, receipt.unlockDay);
        } else {
            // Not counted at the new holder, so never to be taken off what that one has locked.
            store.lots[investmentId].state = ILedgerTypes.LotState.Released;
        }
        emit ILedgerEvents.LotMoved(investmentId, from, to, units, reason);
        emit IERC7943MultiToken.ForcedTransfer(from, to, projectId, units);
        ERC1155Utils.checkOnERC1155Received(msg.sender, from, to, projectId, units, "");
    }

    /// @dev Moves units whatever binds them, and emits the transfer.
    function _take(Store storage store, address from, address to, uint256 projectId, uint256 units) private {
        States.requireNotExiting(store, projectId);
        ILedgerTypes.Account storage account = store.accounts[to];
        if (account.flags & (MAY_RECEIVE | IS_FROZEN) != MAY_RECEIVE || account.expiry < block.timestamp) {
            revert IERC7943MultiToken.ERC7943CannotReceive(to);
        }
        PositionSlot storage senderSlot = store.positions[projectId][from];
        PositionSlot storage receiverSlot = store.positions[projectId][to];
        Position sender = _unfrozen(store, from, projectId, units);
        Position receiver = receiverSlot.word;
        ProjectWord project = store.projects[projectId];
        if (receiver.balance() == 0 && units != sender.balance() && project.isFull()) {
            revert ILedgerErrors.TransferRestricted(HOLDER_CAP, from, to, projectId, units, project.maxHolders());
        }
        (senderSlot.word, receiverSlot.word) =
            Moves.carryOut(store, project, sender, receiver, Move(from, to, projectId, units));
        emit IERC1155.TransferSingle(msg.sender, from, to, projectId, units);
    }

    /// @dev The position with no more frozen than stays behind, and the event that must precede the transfer's.
    function _unfrozen(Store storage store, address from, uint256 projectId, uint256 units)
        private
        returns (Position position)
    {
        position = store.positions[projectId][from].word;
        uint256 balance = position.balance();
        if (units > balance) revert IERC1155Errors.ERC1155InsufficientBalance(from, balance, units, projectId);
        uint256 frozen = position.frozen();
        if (frozen == 0 || units <= balance.saturatingSub(frozen)) return position;
        position = position.withFrozen(balance - units);
        emit IERC7943MultiToken.Frozen(from, projectId, balance - units);
    }
}
